using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using ILGPU;
using ILGPU.Runtime;

namespace BulkImplantScan.Pipeline;

/// <summary>Memory for one batch of JPEG lossless films on a device, and their way there, through the kernels and back.</summary>
/// <remarks>Two lanes share three streams, so that coded bytes of one go up, and pixels of the other come back, while a third batch is decoded.</remarks>
internal sealed class DecodeLane : IDecodeLane, IDisposable
{
    private readonly Held _held = new();
    private readonly IlgpuDevice _device;
    private readonly JpegLosslessDevice _kernels;
    private readonly DecodeStreams _streams;
    private readonly JpegLosslessBatch _batch;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _pixels;
    private readonly PageLockedArray1D<byte> _hostPixels;
    private readonly DeviceEvent _uploaded, _decoded, _done;
    private readonly long _codedBytes;
    private readonly long[] _places;
    private long _coded, _used;
    private int _reserved;

    /// <summary>Takes the memory, of the host's pages twice. On the device's thread.</summary>
    public DecodeLane(IlgpuDevice device, JpegLosslessDevice kernels, DecodeStreams streams, DecodeMemory memory)
    {
        (_device, _kernels, _streams, _codedBytes, _places) = (device, kernels, streams, memory.CodedBytes, new long[memory.Films]);
        try
        {
            _batch = _held.Keep(new JpegLosslessBatch(kernels, memory.Films, memory.CodedBytes));
            _pixels = _held.Keep(device.Accelerator.Allocate1D<byte>(memory.PixelBytes));
            _hostPixels = _held.Keep(device.Accelerator.AllocatePageLocked1D<byte>(memory.PixelBytes));
            (_uploaded, _decoded, _done) = (_held.Keep(new DeviceEvent(device.Accelerator)), _held.Keep(new DeviceEvent(device.Accelerator)), _held.Keep(new DeviceEvent(device.Accelerator)));
        }
        catch
        {
            _held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryReserve(JpegLosslessFilm film)
    {
        var bytes = DecodeMemory.PixelBytesOf(film);
        if (_reserved == _places.Length || _coded + film.BlockBytes > _codedBytes || _used + bytes > _pixels.Length) return false;
        _places[_reserved++] = _used;
        _coded += film.BlockBytes;
        _used += bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<JpegLosslessFilm> films)
    {
        for (var place = 0; place < films.Count; place++)
            if (!_batch.TryAdd(films[place], Whole(films[place]), _places[place])) throw new InvalidOperationException("no room for a film that has its place");
        _device.Run(() =>
        {
            _batch.Upload(_streams.Up);
            _uploaded.Record(_streams.Up);
            _uploaded.Delay(_streams.Decode);
            _kernels.Decode(_streams.Decode, _batch, _pixels.View);
            _decoded.Record(_streams.Decode);
            _decoded.Delay(_streams.Down);
            ((ArrayView<byte>)_pixels.View).SubView(0, _used).CopyToCPUUnsafeAsync(_streams.Down, ref _hostPixels.Span[0], _used);
            _done.Record(_streams.Down);
        });
        _device.Wait(_done);
    }

    /// <inheritdoc/>
    public JpegDeviceFault Fault(int place) => _batch.Fault(place);

    /// <inheritdoc/>
    public void CopyTo(int place, JpegLosslessFilm film, Span<byte> pixels)
    {
        var (rowBytes, step) = (film.Columns * film.BytesPerSample, FilmDescriptor.RowBytesOf(film.Columns, film.BytesPerSample));
        var slab = _hostPixels.Span.Slice((int)_places[place], film.Rows * step);
        if (rowBytes == step)
        {
            slab.CopyTo(pixels);
            return;
        }

        for (var row = 0; row < film.Rows; row++) slab.Slice(row * step, rowBytes).CopyTo(pixels[(row * rowBytes)..]);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _batch.Clear();
        (_reserved, _coded, _used) = (0, 0, 0);
    }

    /// <summary>On the device's thread, when no stream works on it.</summary>
    public void Dispose() => _held.Dispose();

    private static FieldOfView Whole(JpegLosslessFilm film) => new(0, 0, film.Rows, film.Columns);
}
