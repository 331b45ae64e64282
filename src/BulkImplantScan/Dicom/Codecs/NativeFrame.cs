using BulkImplantScan.Decoder;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>One frame through one of the system's libraries: checked before.</summary>
internal static class NativeFrame
{
    /// <summary>Decodes the frame, at a reduced resolution where that is asked for and the format has one.</summary>
    /// <param name="syntax">Which library.</param>
    /// <param name="frame">The frame's compressed bytes.</param>
    /// <param name="described">As the header has it, checked.</param>
    /// <param name="settings">Where libraries run, and what resolution is enough.</param>
    /// <param name="pool">Gives the memory of the pixels.</param>
    /// <param name="description">As the cells are now: fewer rows and columns, and where the samples lie in them.</param>
    /// <param name="buffer">The cells, for <see cref="SampleCells.Clean"/>; null when there is a reason why not.</param>
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
                description = Placed(cells, description, precision);
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

    /// <summary>How the samples lie in their cells; a sign at the stream's highest bit is extended.</summary>
    /// <remarks>The stream's precision and the header's Bits Stored should be equal, and often are not:
    /// <list type="bullet">
    /// <item>Fewer bits in the stream: they are all there is of a sample; the highest is the sign where Pixel Representation says signed, whatever the
    /// stream says (as pydicom does; PS3.5 8.2.4 makes the header decide).</item>
    /// <item>More, and High Bit says that samples lie higher in them: to be shifted, as uncompressed pixels are.</item>
    /// <item>More, from bit 0: what samples have above Bits Stored, the caller judges as of any other codec.</item>
    /// </list></remarks>
    private static ImagePixelDescription Placed(Span<byte> cells, in ImagePixelDescription description, int precision)
    {
        if (precision > description.BitsStored && description.HighBit > description.BitsStored - 1) return description;
        SampleCells.Clean(cells, description with { BitsStored = precision, HighBit = precision - 1 });
        return description with { HighBit = description.BitsStored - 1 };
    }
}
