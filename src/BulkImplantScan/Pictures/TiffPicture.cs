using System.Buffers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>Decodes a page of a TIFF file: strips or tiles of 1 to 16 bits, grey, RGB or palette (TIFF 6.0 and Supplement 2).</summary>
/// <remarks>Our own, not LibTiff.NET's: the index needs a reader of directories anyhow that believes no count or offset, and what is
/// left are four compressions and JPEG. LibTiff.NET takes memory for what a file declares, pads what is missing in JPEG, and
/// tells of faults through one handler for the whole process.</remarks>
internal static class TiffPicture
{
    // LZW with a full table: 4096 bytes of 12 bits.
    private const int MaxExpansion = 4096;

    /// <summary>Reads the headers of all pages, at most one more than <paramref name="limit"/>.</summary>
    public static void ReadHeaders(in PictureBytes bytes, int limit, List<PictureHeader> headers) =>
        TiffDirectory.Read(bytes, limit, headers, wanted: 0);

    /// <summary>Decodes a page, wholly or not at all.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="page">From 1.</param>
    /// <param name="pool">Gives the memory.</param>
    public static DecodedPicture Decode(ReadOnlySpan<byte> file, int page, PixelBufferPool pool)
    {
        var headers = new List<PictureHeader>();
        if (TiffDirectory.Read(new(file), page, headers, page) is not { } directory)
            return headers.Count < page ? DecodedPicture.Failed(Reason.MissingFrame, null) : DecodedPicture.Failed(headers[page - 1]);

        if (Segments.Of(file, directory, out var segments) is { Reason: not Reason.None } fault) return fault;
        var isPalette = directory.Photometric == 3;
        using var canvas = new PictureCanvas(
            directory.Rows, directory.Columns, isPalette ? 3 : directory.Photometric == 6 ? 1 : directory.Colours,
            isPalette ? 8 : directory.Bits, directory.IsSigned, pool);
        var isColour = false;
        var result = directory.Compression == 7
            ? CopyJpeg(file, directory, segments, canvas, pool, out isColour)
            : Copy(file, directory, segments, canvas, pool);
        if (result.Reason != Reason.None) return result;
        return isColour
            ? canvas.Finish(directory.Turned, directory.Photometric == 0, DecodeNote.Luminance)
            : canvas.Finish(directory.Turned, directory.Photometric == 0);
    }

    private static DecodedPicture Copy(
        ReadOnlySpan<byte> file, TiffDirectory directory, in Segments segments, PictureCanvas canvas, PixelBufferPool pool)
    {
        var rowBytes = segments.RowBytes;
        var palette = ReadPalette(file, directory);
        if (directory.Photometric == 3 && palette.Length == 0) return DecodedPicture.Failed(Reason.MalformedDataSet, "ColorMap");
        using var decoded = directory.Compression == 1 ? null : pool.Rent((long)rowBytes * segments.Height);
        var values = ArrayPool<ushort>.Shared.Rent(segments.Width * (segments.Samples + 3));
        try
        {
            for (var i = 0; i < segments.Count; i++)
            {
                var (row, column, plane, height) = segments.Place(i);
                if (!segments.TryFind(file, directory, i, out var offset, out var source))
                    return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
                var wanted = (int)((long)rowBytes * height);
                var pixels = decoded is null ? source : decoded.Span(wanted);
                var reason = directory.Compression switch
                {
                    1 => source.Length < wanted ? Reason.TruncatedPixelData : Reason.None,
                    5 => TiffBytes.Lzw(source, decoded!.Span(wanted)),
                    32773 => TiffBytes.PackBits(source, decoded!.Span(wanted)),
                    _ => TiffBytes.Deflate(source, decoded!.Span(wanted)),
                };
                if (reason != Reason.None) return DecodedPicture.Failed(reason, null, offset);

                var visible = Math.Min(segments.Width, directory.Columns - column);
                for (var y = 0; y < Math.Min(height, directory.Rows - row); y++)
                {
                    var samples = values.AsSpan(0, segments.Width * segments.Samples);
                    SampleRow.Unpack(pixels.Slice((int)((long)y * rowBytes), rowBytes), directory.Bits, directory.IsBigEndian, samples);
                    if (directory.Predictor == 2) AddUp(samples, segments.Samples, directory.Bits);
                    samples = samples[..(visible * segments.Samples)];
                    if (directory.IsSeparate)
                    {
                        if (plane < directory.Colours) canvas.PutPlane(row + y, column, plane, samples);
                        continue;
                    }

                    var channels = segments.Samples;
                    if (palette.Length > 0)
                    {
                        samples = LookUp(samples, palette, values.AsSpan(segments.Width, 3 * visible));
                        channels = 3;
                    }
                    else if (channels > directory.Colours && directory.Extra != 2)
                    {
                        samples = DropLast(samples, channels--);
                    }

                    canvas.Put(row + y, column, 1, samples, channels);
                }
            }

            return default;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(values);
        }
    }

    private static DecodedPicture CopyJpeg(
        ReadOnlySpan<byte> file, TiffDirectory directory, in Segments segments, PictureCanvas canvas, PixelBufferPool pool, out bool isColour)
    {
        isColour = false;
        var tables = directory.TryField(347, out var field) ? file.Slice((int)field.Offset, (int)field.Count) : default;
        var values = ArrayPool<ushort>.Shared.Rent(3 * segments.Width);
        try
        {
            for (var i = 0; i < segments.Count; i++)
            {
                var (row, column, _, height) = segments.Place(i);
                if (!segments.TryFind(file, directory, i, out var offset, out var source))
                    return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);

                // As large as the strip or tile, or there is no knowing where its pixels belong; only the last strip may be longer.
                var visible = Math.Min(height, directory.Rows - row);
                var header = JpegPicture.ReadHeader(new(source));
                if (header.Reason == Reason.None && (header.Columns != segments.Width || header.Rows < visible || header.Rows > segments.Height || header.BitsStored != 8))
                    return DecodedPicture.Failed(Reason.CorruptPixelData, "size of a strip", offset);
                var decoded = JpegPicture.Decode(source, tables, directory.Photometric == 6, pool);
                if (decoded.Pixels is not { } pixels) return decoded with { FileOffset = offset + (decoded.FileOffset ?? 0) };
                using (pixels)
                {
                    isColour |= decoded.Notes.Contains(DecodeNote.Luminance);
                    var samples = pixels.SamplesPerPixel;
                    if (samples > directory.Colours) return DecodedPicture.Failed(Reason.CorruptPixelData, "components", offset);
                    var width = Math.Min(segments.Width, directory.Columns - column);
                    for (var y = 0; y < visible; y++)
                    {
                        var source8 = pixels.Samples<byte>().Slice(y * pixels.Columns * samples, width * samples);
                        var target = values.AsSpan(0, width * samples);
                        SampleRow.Unpack(source8, 8, isBigEndian: false, target);
                        if (directory.Photometric == 2 && samples == 1)
                        {
                            // This strip has no colour, others may.
                            for (var plane = 0; plane < 3; plane++) canvas.PutPlane(row + y, column, plane, target);
                        }
                        else
                        {
                            canvas.Put(row + y, column, 1, target, samples);
                        }
                    }
                }
            }

            return default;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(values);
        }
    }

    private static void AddUp(Span<ushort> samples, int channels, int bits)
    {
        var mask = (1 << bits) - 1;
        for (var i = channels; i < samples.Length; i++) samples[i] = (ushort)(samples[i] + samples[i - channels] & mask);
    }

    /// <summary>The highest 8 bits of red, green and blue of each entry; empty when there is no whole palette.</summary>
    private static ushort[] ReadPalette(ReadOnlySpan<byte> file, TiffDirectory directory)
    {
        if (directory.Photometric != 3) return [];
        var entries = 1u << directory.Bits;
        var palette = new ushort[3 * entries];
        for (var i = 0u; i < palette.Length; i++)
        {
            if (!directory.TryValue(new(file), 320, i, out var value)) return [];
            palette[3 * (i % entries) + i / entries] = (ushort)(value >> 8);
        }

        return palette;
    }

    private static Span<ushort> LookUp(ReadOnlySpan<ushort> indices, ReadOnlySpan<ushort> palette, Span<ushort> colours)
    {
        for (var i = 0; i < indices.Length; i++) palette.Slice(3 * indices[i], 3).CopyTo(colours[(3 * i)..]);
        return colours;
    }

    private static Span<ushort> DropLast(Span<ushort> samples, int channels)
    {
        var to = 0;
        for (var i = 0; i < samples.Length; i++)
            if (i % channels != channels - 1) samples[to++] = samples[i];
        return samples[..to];
    }

    /// <summary>Strips or tiles of a page.</summary>
    /// <param name="Width">Columns of each.</param>
    /// <param name="Height">Rows of each; the last strip may have fewer.</param>
    /// <param name="Samples">Of a pixel in it.</param>
    /// <param name="RowBytes">Bytes of a row of it.</param>
    /// <param name="Across">Side by side.</param>
    /// <param name="PerPlane">In a plane.</param>
    /// <param name="Count">In all.</param>
    /// <param name="IsTiled">Tiles, all of one size.</param>
    /// <param name="Rows">Of the picture.</param>
    private readonly record struct Segments(
        int Width, int Height, int Samples, int RowBytes, int Across, int PerPlane, int Count, bool IsTiled, int Rows)
    {
        public static DecodedPicture Of(ReadOnlySpan<byte> file, TiffDirectory directory, out Segments segments)
        {
            segments = default;
            var bytes = new PictureBytes(file);
            long width = directory.Columns, height = directory.Rows;
            var isTiled = directory.TryField(322, out _);
            if (isTiled)
            {
                (width, height) = (directory.TryValue(bytes, 322, 0, out var w) ? w : 0, directory.TryValue(bytes, 323, 0, out var h) ? h : 0);
                if (width is 0 or > 2 * PictureLimits.MaxSide || height is 0 or > 2 * PictureLimits.MaxSide)
                    return DecodedPicture.Failed(Reason.MalformedDataSet, "TileWidth");
            }
            else if (directory.TryValue(bytes, 278, 0, out var rows))
            {
                if (rows == 0) return DecodedPicture.Failed(Reason.MalformedDataSet, "RowsPerStrip");
                height = Math.Min(rows, directory.Rows);
            }

            var samples = directory.IsSeparate ? 1 : directory.Samples;
            var rowBytes = (width * samples * directory.Bits + 7) / 8;
            if (rowBytes * height > PictureLimits.MaxDecodedBytes) return DecodedPicture.Failed(Reason.DecodedTooLarge, "TileWidth");
            var across = (directory.Columns + width - 1) / width;
            var perPlane = across * ((directory.Rows + height - 1) / height);
            var count = perPlane * (directory.IsSeparate ? directory.Samples : 1);
            if (count > PictureLimits.MaxParts) return DecodedPicture.Failed(Reason.MalformedDataSet, "StripOffsets");
            segments = new((int)width, (int)height, samples, (int)rowBytes, (int)across, (int)perPlane, (int)count, isTiled, directory.Rows);

            // A page of a gigabyte behind a file of a kilobyte shall not cost a gigabyte.
            var there = 0L;
            for (var i = 0; i < count; i++)
            {
                if (!segments.TryFind(file, directory, i, out _, out var source))
                    return DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length);
                there += source.Length;
            }

            return there * MaxExpansion < (long)directory.Rows * ((directory.Columns * (long)directory.Samples * directory.Bits + 7) / 8)
                ? DecodedPicture.Failed(Reason.TruncatedPixelData, null, file.Length) : default;
        }

        /// <summary>Where a segment lies in the picture, and its rows.</summary>
        public (int Row, int Column, int Plane, int Height) Place(int index)
        {
            var (plane, place) = (index / PerPlane, index % PerPlane);
            var row = place / Across * Height;
            return (row, place % Across * Width, plane, IsTiled ? Height : Math.Min(Height, Rows - row));
        }

        /// <summary>The bytes of a segment; false when they do not lie in the file.</summary>
        public bool TryFind(ReadOnlySpan<byte> file, TiffDirectory directory, int index, out long offset, out ReadOnlySpan<byte> bytes)
        {
            offset = 0;
            bytes = default;
            var picture = new PictureBytes(file);
            if (!directory.TryValue(picture, IsTiled ? 324 : 273, (uint)index, out var place)) return false;
            if (!directory.TryValue(picture, IsTiled ? 325 : 279, (uint)index, out var length))
            {
                // Old writers leave the length out where there is but one strip, uncompressed.
                if (Count != 1 || directory.Compression != 1 || place >= file.Length) return false;
                length = (uint)(file.Length - place);
            }

            offset = place;
            if (place + (long)length > file.Length) return false;
            bytes = file.Slice((int)place, (int)length);
            return true;
        }
    }
}
