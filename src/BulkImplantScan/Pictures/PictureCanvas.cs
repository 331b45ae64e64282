using System.Numerics;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Takes the samples of a picture row by row and gives its stored pixels.</summary>
/// <remarks>What is transparent is laid on black, as a film lies on a light box that is off: value · alpha / opaque, rounded; exact
/// where a picture is opaque.</remarks>
internal sealed class PictureCanvas : IDisposable
{
    private readonly PixelBufferPool _pool;
    private readonly SampleKind _kind;
    private readonly int _rows, _columns, _samples, _bits;
    private readonly uint _opaque;
    private PixelBuffer? _buffer;
    private bool _isTransparent;

    /// <summary>A canvas of a size that was checked against the limits.</summary>
    /// <param name="rows">As stored, before the picture is turned upright.</param>
    /// <param name="columns">As stored.</param>
    /// <param name="samples">1 or 3.</param>
    /// <param name="bits">Of a sample, 1 to 16.</param>
    /// <param name="isSigned">Samples are signed (16 bits).</param>
    /// <param name="pool">Gives the memory.</param>
    public PictureCanvas(int rows, int columns, int samples, int bits, bool isSigned, PixelBufferPool pool)
    {
        (_rows, _columns, _samples, _bits, _pool) = (rows, columns, samples, bits, pool);
        _opaque = (1u << bits) - 1;
        _kind = (bits > 8, isSigned) switch
        {
            (false, false) => SampleKind.U8,
            (false, true) => SampleKind.S8,
            (true, false) => SampleKind.U16,
            _ => SampleKind.S16,
        };
        _buffer = pool.Rent((long)rows * columns * samples * BytesPerSample);
    }

    private int BytesPerSample => _bits > 8 ? 2 : 1;

    /// <summary>The bytes of all samples.</summary>
    public Span<byte> Bytes => _buffer!.Span((long)_rows * _columns * _samples * BytesPerSample);

    /// <summary>Writes pixels of a row.</summary>
    /// <param name="row">Which, from 0.</param>
    /// <param name="firstColumn">Of the first pixel.</param>
    /// <param name="step">Columns from one pixel to the next.</param>
    /// <param name="values">Samples, interleaved; those of alpha last.</param>
    /// <param name="channels">Samples of a pixel: those of the canvas, or one more, which is alpha.</param>
    public void Put(int row, int firstColumn, int step, ReadOnlySpan<ushort> values, int channels)
    {
        var first = ((long)row * _columns + firstColumn) * _samples;
        if (BytesPerSample == 2)
        {
            var target = MemoryMarshal.Cast<byte, ushort>(Bytes)[(int)first..];
            if (step == 1 && channels == _samples) values.CopyTo(target);
            else Put(target, step, values, channels);
        }
        else
        {
            Put(Bytes[(int)first..], step, values, channels);
        }
    }

    /// <summary>Writes one channel of neighbouring pixels of a row (planes apart).</summary>
    public void PutPlane(int row, int firstColumn, int plane, ReadOnlySpan<ushort> values)
    {
        var first = ((long)row * _columns + firstColumn) * _samples + plane;
        if (BytesPerSample == 2)
        {
            var target = MemoryMarshal.Cast<byte, ushort>(Bytes)[(int)first..];
            for (var i = 0; i < values.Length; i++) target[i * _samples] = values[i];
        }
        else
        {
            var target = Bytes[(int)first..];
            for (var i = 0; i < values.Length; i++) target[i * _samples] = (byte)values[i];
        }
    }

    /// <summary>The picture upright, grey with one sample where its three are equal everywhere.</summary>
    /// <param name="orientation">1 to 8, as EXIF and TIFF have it; anything else is 1.</param>
    /// <param name="isInverted">0 is white.</param>
    /// <param name="notes">What was done before.</param>
    public DecodedPicture Finish(int orientation, bool isInverted, params ReadOnlySpan<string> notes)
    {
        var pixels = new StoredPixels(_buffer!, _kind, _rows, _columns, _samples, _bits);
        _buffer = null;
        try
        {
            var said = new List<string>();
            said.AddRange(notes);
            if (_isTransparent) said.Add(DecodeNote.Alpha);
            pixels = PictureColour.Collapse(pixels, _pool);
            if (orientation is >= 2 and <= 8)
            {
                pixels = Orientation.Upright(pixels, orientation, _pool);
                said.Add(DecodeNote.Oriented);
            }

            return new() { Pixels = pixels, IsInverted = isInverted, Notes = [.. said], Reason = Reason.None };
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back unless <see cref="Finish"/> has given it on.</summary>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private void Put<T>(Span<T> target, int step, ReadOnlySpan<ushort> values, int channels) where T : IBinaryInteger<T>
    {
        var stride = step * _samples;
        if (channels == _samples)
        {
            for (int from = 0, to = 0; from < values.Length; from += channels, to += stride)
                for (var i = 0; i < channels; i++) target[to + i] = T.CreateTruncating(values[from + i]);
            return;
        }

        for (int from = 0, to = 0; from < values.Length; from += channels, to += stride)
        {
            uint alpha = values[from + _samples];
            _isTransparent |= alpha != _opaque;
            for (var i = 0; i < _samples; i++) target[to + i] = T.CreateTruncating((values[from + i] * alpha + _opaque / 2) / _opaque);
        }
    }
}
