using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>Stored pixels of one frame: native, or through the codec of the transfer syntax.</summary>
/// <remarks>A frame decodes wholly or not at all: what is missing is never padded, what is corrupt never guessed.</remarks>
public static class FrameDecoder
{
    /// <summary>Largest value of Rows and of Columns.</summary>
    public const int MaxSide = 65535;

    /// <summary>Largest Number of Frames: finding one costs a look at those before it.</summary>
    public const int MaxFrames = 100_000;

    /// <summary>Bytes of one decoded frame.</summary>
    public const int MaxFrameBytes = 1 << 30;

    /// <summary>Decodes one frame.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from (inflated, when it was deflated).</param>
    /// <param name="dataset">Parsed with status Ok.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="settings">What is asked for beside the film itself.</param>
    /// <param name="pool">Gives the memory of the pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="frame"/> &lt; 1.</exception>
    public static DecodeOutcome Decode(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frame, 1);
        ArgumentNullException.ThrowIfNull(settings);
        if (dataset.PixelData is not { } element)
            return Failed(dataset.IsDicomdir ? Reason.Dicomdir : Reason.NoPixelData, null);
        if (element.Tag != DicomTags.PixelData)
            return Failed(Reason.UnsupportedPixelFormat, element.Tag == DicomTags.FloatPixelData ? "FloatPixelData" : "DoubleFloatPixelData");

        var description = dataset.DescribePixels(file);
        var syntax = dataset.TransferSyntax ?? "";
        var isNative = TransferSyntaxes.IsNative(syntax);
        var codec = isNative ? null : PixelCodec.For(syntax);
        if (!isNative && codec is null) return Failed(Reason.UnsupportedTransferSyntax, syntax);
        if (Check(description) is { Reason: not Reason.None } fault) return fault;
        if (frame > description.NumberOfFrames) return Failed(Reason.MissingFrame, null);
        return isNative
            ? DecodeNative(file, dataset, element, description, frame - 1, pool)
            : DecodeEncapsulated(file, dataset, codec!, description, frame - 1, pool);
    }

    private static DecodeOutcome Check(in ImagePixelDescription description)
    {
        if (description.Rows == 0) return Failed(Reason.MissingAttribute, "Rows");
        if (description.Columns == 0) return Failed(Reason.MissingAttribute, "Columns");
        if (description.BitsAllocated == 0) return Failed(Reason.MissingAttribute, "BitsAllocated");
        if (description.NumberOfFrames == 0) return Failed(Reason.MissingAttribute, "NumberOfFrames");
        if (description.SamplesPerPixel is not (1 or 3)) return Failed(Reason.UnsupportedPixelFormat, "SamplesPerPixel");
        if (description.BitsAllocated is not (1 or 8 or 16 or 32)) return Failed(Reason.UnsupportedPixelFormat, "BitsAllocated");
        if (description.BitsStored < 1 || description.BitsStored > description.BitsAllocated)
            return Failed(Reason.UnsupportedPixelFormat, "BitsStored");
        if (description.HighBit < description.BitsStored - 1 || description.HighBit >= description.BitsAllocated)
            return Failed(Reason.UnsupportedPixelFormat, "HighBit");
        if (description is { BitsAllocated: 1, IsSigned: true }) return Failed(Reason.UnsupportedPixelFormat, "PixelRepresentation");
        if (description.NumberOfFrames > MaxFrames) return Failed(Reason.TooLarge, "NumberOfFrames");
        if (description.Rows > MaxSide || description.Columns > MaxSide
            || description.SampleCount * description.BytesPerSample > MaxFrameBytes)
        {
            return Failed(Reason.TooLarge, null);
        }

        return default;
    }

    private static DecodeOutcome DecodeNative(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomElement element, in ImagePixelDescription description, int frame,
        PixelBufferPool pool)
    {
        const string name = "native";
        if (element.IsUndefinedLength)
        {
            return dataset.IsTransferSyntaxDeduced
                ? Failed(Reason.MissingAttribute, "TransferSyntaxUID")
                : Failed(Reason.CorruptPixelData, "encapsulated in a native transfer syntax", element.Offset, name);
        }

        if (NativePixels.IsYbr422(description) && description.Columns % 2 != 0)
            return Failed(Reason.UnsupportedPixelFormat, "Columns", element.Offset, name);

        var there = Math.Min(element.Length, file.Length - element.Offset);
        var needed = (NativePixels.BitsPerFrame(description) * (frame + 1L) + 7) / 8;
        if (needed > there)
            return Failed(Reason.TruncatedPixelData, null, element.Offset + there, name);
        var ofAll = (NativePixels.BitsPerFrame(description) * description.NumberOfFrames + 7) / 8;
        if (PixelSanity.WrongLength(there, ofAll) is { } seen) return Failed(Reason.ImplausiblePixels, seen, element.Offset, name);

        var buffer = RentFrame(description, pool, out var target);
        NativePixels.Copy(
            file.Slice(element.Offset, (int)there), frame, description, dataset.IsBigEndian,
            element.Vr == ValueRepresentation.OW, target);
        SampleCells.Clean(target, description); // bits above Bits Stored may be overlays here
        return Finished(buffer, description, name);
    }

    private static DecodeOutcome DecodeEncapsulated(
        ReadOnlySpan<byte> file, DicomDataset dataset, PixelCodec codec, in ImagePixelDescription description, int frame,
        PixelBufferPool pool)
    {
        var bytes = EncapsulatedFrames.Find(
            file, dataset, frame, description.NumberOfFrames, pool, out var joined, out var offset, out var result);
        using (joined)
        {
            if (result.Reason != Reason.None) return Failed(result.Reason, result.Detail, offset, codec.Name);
            codec = codec.Fitting(bytes);
            if ((long)bytes.Length * codec.MaxExpansion < description.SampleCount * description.BytesPerSample)
                return Failed(Reason.TruncatedPixelData, null, offset + (joined is null ? bytes.Length : 0), codec.Name);

            var buffer = RentFrame(description, pool, out var target);
            result = codec.Decode(bytes, description, target, pool);
            if (result.Reason == Reason.None && Outside(target, file, dataset, description) is { } seen)
                result = new(Reason.ImplausiblePixels, 0, seen);
            if (result.Reason == Reason.None) return Finished(buffer, description, codec.Name);
            buffer.Dispose();

            // Behind the first fragment the place in the joined bytes is not that in the file.
            return Failed(result.Reason, result.Detail, joined is null ? offset + result.Offset : offset, codec.Name);
        }
    }

    /// <summary>Cleans what a codec gave; says what is implausible about it.</summary>
    /// <remarks>Overlays in unused bits were allowed beside native pixels only (PS3.5 8.1.2), yet lossless codecs keep what they are
    /// given, and such films are right.</remarks>
    private static string? Outside(
        Span<byte> target, ReadOnlySpan<byte> file, DicomDataset dataset, in ImagePixelDescription description)
    {
        var overlayBit = dataset.GetInt32(file, DicomTags.OverlayBitPosition) ?? 0;
        var isOverlaid = overlayBit > description.HighBit;
        if (TransferSyntaxes.IsLossy(dataset.TransferSyntax) && !isOverlaid
            && PixelSanity.Overshoot(target, description) is { } overshoot) return overshoot;
        return SampleCells.Clean(target, description) && !isOverlaid ? PixelSanity.Outside(null, description) : null;
    }

    private static DecodeOutcome Finished(PixelBuffer buffer, in ImagePixelDescription description, string decoder)
    {
        var kind = (description.BytesPerSample, description.IsSigned) switch
        {
            (1, false) => SampleKind.U8,
            (1, true) => SampleKind.S8,
            (2, false) => SampleKind.U16,
            (2, true) => SampleKind.S16,
            (_, false) => SampleKind.U32,
            _ => SampleKind.S32,
        };
        var pixels = new StoredPixels(
            buffer, kind, description.Rows, description.Columns, description.SamplesPerPixel, description.BitsStored);
        return new(pixels, Reason.None, null, null, decoder);
    }

    private static PixelBuffer RentFrame(in ImagePixelDescription description, PixelBufferPool pool, out Span<byte> target)
    {
        var bytes = description.SampleCount * description.BytesPerSample;
        var buffer = pool.Rent(bytes);
        target = buffer.Span(bytes);
        return buffer;
    }

    private static DecodeOutcome Failed(Reason reason, string? detail, long? offset = null, string? decoder = null) =>
        new(null, reason, detail, offset, decoder);
}
