using System.Buffers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using JpegLibrary;

namespace BulkImplantScan.Pictures;

/// <summary>Decodes a JPEG file: baseline, extended and progressive DCT of 8 or 12 bits, grey, YCbCr or RGB.</summary>
/// <remarks>JpegLibrary decodes; what it takes for granted is looked at before (limits, the end of the file) and after (every block
/// was written).</remarks>
internal static class JpegPicture
{
    // A block of 64 samples takes a bit at least.
    private const int MaxSamplesPerByte = 512;

    /// <summary>Reads the header.</summary>
    public static PictureHeader ReadHeader(in PictureBytes bytes) => JpegHeader.Read(bytes, out _);

    /// <summary>Decodes the picture, wholly or not at all.</summary>
    public static DecodedPicture Decode(ReadOnlySpan<byte> file, PixelBufferPool pool) => Decode(file, [], isYcc: null, pool);

    /// <summary>As above; tables may stand apart and the colour be told from outside, as in TIFF.</summary>
    /// <param name="file">The stream.</param>
    /// <param name="tables">An abbreviated stream of tables; empty when there is none.</param>
    /// <param name="isYcc">Whether three components are luminance and chroma; null: the stream says it.</param>
    /// <param name="pool">Gives the memory.</param>
    public static DecodedPicture Decode(ReadOnlySpan<byte> file, ReadOnlySpan<byte> tables, bool? isYcc, PixelBufferPool pool)
    {
        if (JpegHeader.Read(new(file), out var header) is { Reason: not Reason.None } fault) return DecodedPicture.Failed(fault);
        if (isYcc is { } told) header = header with { IsYcc = told && header.Components == 3 };
        if (JpegScans.FindEnd(file, header.FirstScan, out var end) is { Reason: not Reason.None } damage) return damage;
        var pixels = (long)header.Rows * header.Columns;
        if (pixels > (long)end * MaxSamplesPerByte) return DecodedPicture.Failed(Reason.TruncatedPixelData, null, end);
        if (header.IsProgressive && pixels * header.Components * sizeof(short) > PictureLimits.MaxDecodedBytes)
            return DecodedPicture.Failed(Reason.DecodedTooLarge, "progressive");

        var isLuminanceOnly = header.IsYcc || header.Components == 1;
        using var canvas = new PictureCanvas(header.Rows, header.Columns, isLuminanceOnly ? 1 : 3, header.Precision, isSigned: false, pool);
        var blocks = new JpegBlocks(canvas, header.Rows, header.Columns, header.Precision, isLuminanceOnly);
        var result = Decode(file[..end], tables, blocks);
        if (result.Reason != Reason.None) return result;
        return blocks.HasColour ? canvas.Finish(header.Orientation, false, DecodeNote.Luminance) : canvas.Finish(header.Orientation, false);
    }

    private static DecodedPicture Decode(ReadOnlySpan<byte> file, ReadOnlySpan<byte> tables, JpegBlocks blocks)
    {
        var copy = ArrayPool<byte>.Shared.Rent(file.Length + tables.Length);
        try
        {
            file.CopyTo(copy);
            tables.CopyTo(copy.AsSpan(file.Length));
            var decoder = new JpegDecoder();
            if (tables.Length > 0) decoder.LoadTables(copy.AsMemory(file.Length, tables.Length));
            decoder.SetInput(copy.AsMemory(0, file.Length));
            decoder.Identify(loadQuantizationTables: false);
            decoder.SetOutputWriter(blocks);
            decoder.Decode();
            return blocks.Written == blocks.Expected ? default : DecodedPicture.Failed(Reason.TruncatedPixelData, "blocks", file.Length);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library says what it does not like by whatever exception the bytes lead to.
            return DecodedPicture.Failed(Reason.CorruptPixelData, "jpeg");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
