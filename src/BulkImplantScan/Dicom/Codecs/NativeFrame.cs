using System.Numerics;
using System.Runtime.InteropServices;
using BulkImplantScan.Decoder;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>One frame through one of the system's libraries: checked before, cleaned after.</summary>
internal static class NativeFrame
{
    /// <summary>Decodes the frame, at a reduced resolution where that is asked for and the format has one.</summary>
    /// <param name="syntax">Which library.</param>
    /// <param name="frame">The frame's compressed bytes.</param>
    /// <param name="described">As the header has it, checked.</param>
    /// <param name="settings">Where libraries run, and what resolution is enough.</param>
    /// <param name="pool">Gives the memory of the pixels.</param>
    /// <param name="description">As the pixels are now: fewer rows and columns; more bits, where Bits Stored was too few for what was coded.</param>
    /// <param name="buffer">The clean pixels; null when there is a reason why not.</param>
    /// <param name="discarded">Resolution levels left out.</param>
    public static CodecResult Decode(
        NativeSyntax syntax, ReadOnlySpan<byte> frame, in ImagePixelDescription described, DecodeSettings settings, PixelBufferPool pool,
        out ImagePixelDescription description, out PixelBuffer? buffer, out int discarded)
    {
        (description, buffer, discarded) = (described, null, 0);
        var result = default(CodecResult);
        var codestream = default(Jpeg2000Codestream);
        var length = frame.Length;
        if (syntax.Format == CodecFormat.Jpeg2000) result = CheckJpeg2000(frame, described, out codestream);
        else if (syntax.Format == CodecFormat.JpegLs) result = JpegLsStream.Check(frame, described, out length);
        if (result.Reason != Reason.None) return result;
        if (syntax.Format == CodecFormat.Jpeg2000)
        {
            // Indices into a palette have no mean.
            if (described.Photometric != "PALETTE COLOR")
                discarded = ReducedResolution.Levels(codestream, settings.LeastSide);
            var (rows, columns) = codestream.Reduced(discarded);
            description = described with { Rows = rows, Columns = columns };
        }

        var shape = new FrameShape(description.Rows, description.Columns, description.SamplesPerPixel, description.BytesPerSample, discarded);
        var stream = syntax.Format == CodecFormat.Jpeg2000 ? frame.Slice(codestream.Start, codestream.Length) : frame[..length];
        buffer = pool.Rent(shape.Bytes);
        var cells = buffer.Span(shape.Bytes);
        try
        {
            result = settings.NativeCodecs.Decode(syntax.Format, stream, shape, described.SampleCount, cells, out var precision);
            if (result.Reason == Reason.None && (precision < 1 || precision > description.BitsAllocated))
                result = CodecResult.Corrupt(0, "precision above Bits Allocated");
            if (result.Reason == Reason.None)
            {
                description = Clean(cells, description, precision);
                return result;
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        buffer.Dispose();
        buffer = null;
        return result with { Offset = result.Offset + codestream.Start };
    }

    private static CodecResult CheckJpeg2000(
        ReadOnlySpan<byte> frame, in ImagePixelDescription description, out Jpeg2000Codestream codestream)
    {
        var result = Jpeg2000Codestream.Read(frame, out codestream);
        if (result.Reason != Reason.None) return result;
        if (codestream.Rows != description.Rows || codestream.Columns != description.Columns)
            return CodecResult.Corrupt(codestream.Start, "rows or columns are not the header's");
        if (codestream.Components != description.SamplesPerPixel) return CodecResult.Corrupt(codestream.Start, "components are not the header's");
        return codestream.Precision > description.BitsAllocated ? CodecResult.Corrupt(codestream.Start, "precision above Bits Allocated") : default;
    }

    /// <summary>From the stream's bits to the header's values.</summary>
    /// <remarks>The stream's precision and the header's Bits Stored should be equal, and often are not:
    /// <list type="bullet">
    /// <item>Fewer bits in the stream: they are all there is of a sample; the highest is the sign where Pixel Representation says signed, whatever the
    /// stream says (as pydicom does; PS3.5 8.2.4 makes the header decide).</item>
    /// <item>More, and High Bit says that samples lie higher in them: shifted, as uncompressed pixels are.</item>
    /// <item>More, and the samples use them: Bits Stored is too few; they keep their bits.</item>
    /// </list></remarks>
    private static ImagePixelDescription Clean(Span<byte> cells, in ImagePixelDescription description, int precision)
    {
        var coded = description with { BitsStored = precision, HighBit = precision - 1 };
        if (precision <= description.BitsStored)
        {
            SampleCells.Clean(cells, coded);
            return description;
        }

        if (description.HighBit > description.BitsStored - 1)
        {
            SampleCells.Clean(cells, description);
            return description;
        }

        SampleCells.Clean(cells, coded);
        return IsWithin(cells, description) ? description : coded;
    }

    private static bool IsWithin(ReadOnlySpan<byte> cells, in ImagePixelDescription description) => (description.BytesPerSample, description.IsSigned) switch
    {
        (1, false) => IsWithin(cells, (byte)0, (byte)((1 << description.BitsStored) - 1)),
        (1, true) => IsWithin(MemoryMarshal.Cast<byte, sbyte>(cells), (sbyte)-(1 << (description.BitsStored - 1)), (sbyte)((1 << (description.BitsStored - 1)) - 1)),
        (2, false) => IsWithin(MemoryMarshal.Cast<byte, ushort>(cells), (ushort)0, (ushort)((1 << description.BitsStored) - 1)),
        (2, true) => IsWithin(MemoryMarshal.Cast<byte, short>(cells), (short)-(1 << (description.BitsStored - 1)), (short)((1 << (description.BitsStored - 1)) - 1)),
        (_, false) => IsWithin(MemoryMarshal.Cast<byte, uint>(cells), 0u, (uint)((1L << description.BitsStored) - 1)),
        _ => IsWithin(MemoryMarshal.Cast<byte, int>(cells), (int)-(1L << (description.BitsStored - 1)), (int)((1L << (description.BitsStored - 1)) - 1)),
    };

    private static bool IsWithin<T>(ReadOnlySpan<T> samples, T least, T most) where T : IBinaryInteger<T> =>
        samples.IndexOfAnyExceptInRange(least, most) < 0;
}
