using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Decodes a PNG file of any kind with all of its bits (PNG 3rd edition, W3C 2025).</summary>
/// <remarks>Our own, not SkiaSharp's or the platform's: those give 8 bits where a film has 16, and allocate before they have looked
/// at how much there is to decode. What is hard in PNG, deflate and the CRC, is .NET's.</remarks>
internal static class PngPicture
{
    // A deflate stream gives at most this many bytes for each of its own.
    private const int MaxExpansion = 1032;

    // Adam7 (chapter 8.2): first column and row of each pass, and the steps from pixel to pixel.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Reads the header.</summary>
    public static PictureHeader ReadHeader(in PictureBytes bytes) => PngHeader.Read(bytes, out _);

    /// <summary>Decodes the picture, wholly or not at all.</summary>
    public static DecodedPicture Decode(ReadOnlySpan<byte> file, PixelBufferPool pool)
    {
        if (PngHeader.Read(new(file), out var header) is { Reason: not Reason.None } fault) return DecodedPicture.Failed(fault);
        if (PngChunks.Find(file, out var chunks) is { Reason: not Reason.None } damage) return damage;
        if (chunks.DataBytes * MaxExpansion < InflatedBytes(header)) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, chunks.End);

        var palette = ReadPalette(file, header, chunks);
        if (header.ColourType == PngHeader.Palette && palette.Length == 0)
            return DecodedPicture.Failed(Reason.CorruptPixelData, "PLTE", chunks.Palette.Offset);
        using var canvas = new PictureCanvas(
            header.Rows, header.Columns, header.Samples, header.ColourType == PngHeader.Palette ? 8 : header.Depth, isSigned: false, pool);
        var result = Inflate(file, header, chunks, palette, ReadKey(file, header, chunks), canvas);
        return result.Reason == Reason.None ? canvas.Finish(1, isInverted: false) : result;
    }

    private static unsafe DecodedPicture Inflate(
        ReadOnlySpan<byte> file, in PngHeader header, in PngChunks chunks, ushort[] palette, ushort[] key, PictureCanvas canvas)
    {
        var rowBytes = RowBytes(header, header.Columns);
        var rows = ArrayPool<byte>.Shared.Rent(2 * (rowBytes + 1));
        var values = ArrayPool<ushort>.Shared.Rent(5 * header.Columns);
        try
        {
            fixed (byte* start = file)
            {
                using var data = new PngDataStream(start, chunks);
                using var inflater = new ZLibStream(data, CompressionMode.Decompress);
                foreach (var pass in header.IsInterlaced ? Passes : [(0, 0, 1, 1)])
                {
                    var reason = ReadPass(inflater, header, pass, rows, values, palette, key, canvas);
                    if (reason is not null) return DecodedPicture.Failed(reason.Value, null, data.Position);
                }

                // To the end of the stream, where its checksum is looked at; if more follows, that is not what was asked for.
                Span<byte> more = stackalloc byte[1];
                _ = inflater.Read(more);
            }

            return default;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return DecodedPicture.Failed(Reason.CorruptPixelData, "deflate", chunks.FirstData);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rows);
            ArrayPool<ushort>.Shared.Return(values);
        }
    }

    private static Reason? ReadPass(
        ZLibStream inflater, in PngHeader header, (int X, int Y, int StepX, int StepY) pass, byte[] rows, ushort[] values,
        ushort[] palette, ushort[] key, PictureCanvas canvas)
    {
        var width = Steps(header.Columns, pass.X, pass.StepX);
        if (width == 0) return null;
        var length = RowBytes(header, width) + 1;
        var row = rows.AsSpan(0, length);
        var above = rows.AsSpan(length, length);
        above.Clear();
        var pixelBytes = Math.Max(1, header.Depth * header.Channels / 8);
        for (var y = pass.Y; y < header.Rows; y += pass.StepY)
        {
            if (inflater.ReadAtLeast(row, length, throwOnEndOfStream: false) < length) return Reason.TruncatedPixelData;
            if (!PngFilter.TryUndo(row[0], row[1..], above[1..], pixelBytes)) return Reason.CorruptPixelData;
            var samples = values.AsSpan(0, width * header.Channels);
            SampleRow.Unpack(row[1..], header.Depth, isBigEndian: true, samples);
            var channels = header.Channels;
            if (palette.Length > 0)
            {
                var colours = values.AsSpan(width, 4 * width);
                if (!TryLookUp(samples, palette, colours)) return Reason.CorruptPixelData;
                samples = colours;
                channels = 4;
            }
            else if (key.Length > 0)
            {
                samples = AddAlpha(values, width, key, header.Depth);
                channels++;
            }

            canvas.Put(y, pass.X, pass.StepX, samples, channels);
            var last = row;
            row = above;
            above = last;
        }

        return null;
    }

    private static bool TryLookUp(ReadOnlySpan<ushort> indices, ReadOnlySpan<ushort> palette, Span<ushort> colours)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var entry = 4 * indices[i];
            if (entry >= palette.Length) return false;
            palette.Slice(entry, 4).CopyTo(colours[(4 * i)..]);
        }

        return true;
    }

    /// <summary>The colour that tRNS names is transparent, all others are not.</summary>
    private static Span<ushort> AddAlpha(ushort[] values, int width, ReadOnlySpan<ushort> key, int depth)
    {
        var channels = key.Length;
        var opaque = (ushort)((1 << depth) - 1);
        for (var x = width - 1; x >= 0; x--) // from the end: the wider pixels are written over the narrower ones
        {
            var pixel = values.AsSpan(x * channels, channels);
            var alpha = pixel.SequenceEqual(key) ? (ushort)0 : opaque;
            pixel.CopyTo(values.AsSpan(x * (channels + 1)));
            values[x * (channels + 1) + channels] = alpha;
        }

        return values.AsSpan(0, width * (channels + 1));
    }

    /// <summary>Red, green, blue and alpha of each entry; empty when the picture has no palette.</summary>
    private static ushort[] ReadPalette(ReadOnlySpan<byte> file, in PngHeader header, in PngChunks chunks)
    {
        if (header.ColourType != PngHeader.Palette) return [];
        var bytes = file.Slice(chunks.Palette.Offset, chunks.Palette.Length);
        var alpha = file.Slice(chunks.Transparency.Offset, chunks.Transparency.Length);
        var entries = Math.Min(bytes.Length / 3, 256);
        var palette = new ushort[4 * entries];
        for (var i = 0; i < entries; i++)
        {
            for (var channel = 0; channel < 3; channel++) palette[4 * i + channel] = bytes[3 * i + channel];
            palette[4 * i + 3] = i < alpha.Length ? alpha[i] : (ushort)255;
        }

        return palette;
    }

    /// <summary>The transparent colour of a picture without alpha; empty when there is none.</summary>
    private static ushort[] ReadKey(ReadOnlySpan<byte> file, in PngHeader header, in PngChunks chunks)
    {
        if (header.ColourType is not (PngHeader.Grey or PngHeader.Rgb) || chunks.Transparency.Length < 2 * header.Channels) return [];
        var key = new ushort[header.Channels];
        for (var i = 0; i < key.Length; i++)
            key[i] = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(file[(chunks.Transparency.Offset + 2 * i)..]) & ((1 << header.Depth) - 1));
        return key;
    }

    private static long InflatedBytes(in PngHeader header)
    {
        if (!header.IsInterlaced) return (long)header.Rows * (RowBytes(header, header.Columns) + 1);
        long bytes = 0;
        foreach (var (x, y, stepX, stepY) in Passes)
        {
            var width = Steps(header.Columns, x, stepX);
            if (width > 0) bytes += (long)Steps(header.Rows, y, stepY) * (RowBytes(header, width) + 1);
        }

        return bytes;
    }

    private static int RowBytes(in PngHeader header, int width) => (width * header.Channels * header.Depth + 7) / 8;

    private static int Steps(int length, int first, int step) => first >= length ? 0 : (length - first + step - 1) / step;
}
