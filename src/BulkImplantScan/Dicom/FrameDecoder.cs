using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>Stored pixels of one frame: native, or through the codec of the transfer syntax.</summary>
/// <remarks>A frame decodes wholly or not at all: what is missing is never padded, what is corrupt never guessed.</remarks>
public static class FrameDecoder
{
    /// <summary>Largest value of Rows and of Columns.</summary>
    public const int MaxSide = 20_000;

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
    /// <param name="holder">The buffer in which <paramref name="file"/> lies from its first byte, if pixels that need nothing done to
    /// them may stay there and claim it; null to copy them always.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="frame"/> &lt; 1.</exception>
    public static DecodeOutcome Decode(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool,
        PixelBuffer? holder = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frame, 1);
        ArgumentNullException.ThrowIfNull(settings);
        if (dataset.PixelData is not { } element)
            return Failed(dataset.IsDicomdir ? Reason.Dicomdir : Reason.NoPixelData, null);
        var description = dataset.DescribePixels(file);
        var syntax = dataset.TransferSyntax ?? "";
        var isNative = TransferSyntaxes.IsNative(syntax);
        var codec = isNative ? null : PixelCodec.For(syntax);
        var library = settings.NativeCodecs.Mode == NativeCodecMode.Off ? null : NativeSyntax.For(syntax);
        if (!isNative && codec is null && library is null) return Failed(Reason.UnsupportedTransferSyntax, syntax);
        if (Check(description) is { Reason: not Reason.None } fault) return fault;
        if (description.IsFloatingPoint && !isNative) return Failed(Reason.UnsupportedPixelFormat, "encapsulated floating point");
        if (frame > description.NumberOfFrames) return Failed(Reason.MissingFrame, null);

        // Means of overlay bits are none: such a film keeps its resolution.
        var overlays = EmbeddedOverlays.Bits(file, dataset, description);
        if (overlays != 0 && settings.LeastSide > 0) settings = settings with { LeastSide = 0 };
        var decoded = DecodeAs(file, dataset, element, codec, library, description, frame - 1, settings, pool, holder);
        if (decoded.Reason == Reason.UnsupportedPixelFormat && codec is not null && library is not null)
        {
            codec = null; // that one knows no such streams
            decoded = DecodeAs(file, dataset, element, codec, library, description, frame - 1, settings, pool, holder);
        }

        if (overlays != 0) return decoded with { HadOverlayBits = (decoded.UnusedBits & overlays) != 0 };
        if (StoredBits.MayBeMore(description, decoded.UnusedBits) is { } wider)
            decoded = StoredBits.Truer(decoded, DecodeAs(file, dataset, element, codec, library, wider, frame - 1, settings, pool, holder: null));

        // Beside native samples rubbish is common; a codec has nothing there unless it, or the header, is wrong.
        if (isNative || decoded.Pixels is null || decoded.UnusedBits == 0 || decoded.HadMoreBits) return decoded;
        decoded.Pixels.Dispose();
        return Failed(Reason.ImplausiblePixels, PixelSanity.Outside(null, description), element.Offset, decoded.Decoder);
    }

    private static DecodeOutcome DecodeAs(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomElement element, PixelCodec? codec, NativeSyntax? library,
        in ImagePixelDescription description, int frame, DecodeSettings settings, PixelBufferPool pool, PixelBuffer? holder) =>
        codec is not null ? DecodeEncapsulated(file, dataset, codec, description, frame, pool)
        : library is not null ? DecodeByLibrary(file, dataset, library, description, frame, settings, pool)
        : DecodeNative(file, dataset, element, description, frame, pool, holder);

    /// <summary>Whether there can be pixels as the header describes them; a reason where not.</summary>
    internal static DecodeOutcome Check(in ImagePixelDescription description)
    {
        if (description.Rows == 0) return Failed(Reason.MissingAttribute, "Rows");
        if (description.Columns == 0) return Failed(Reason.MissingAttribute, "Columns");
        if (description.BitsAllocated == 0) return Failed(Reason.MissingAttribute, "BitsAllocated");
        if (description.NumberOfFrames == 0) return Failed(Reason.MissingAttribute, "NumberOfFrames");
        if (description.SamplesPerPixel is not (1 or 3)) return Failed(Reason.UnsupportedPixelFormat, "SamplesPerPixel");
        if (description is { IsFloatingPoint: true, SamplesPerPixel: not 1 }) return Failed(Reason.UnsupportedPixelFormat, "SamplesPerPixel");
        if (!description.IsFloatingPoint && description.BitsAllocated is not (>= 1 and <= 16 or 32))
            return Failed(Reason.UnsupportedPixelFormat, "BitsAllocated");
        if (description.BitsStored > description.BitsAllocated) return Failed(Reason.UnsupportedPixelFormat, "BitsStored");
        if (description is { BitsAllocated: 1, IsSigned: true }) return Failed(Reason.UnsupportedPixelFormat, "PixelRepresentation");
        if (description.NumberOfFrames > MaxFrames) return Failed(Reason.TooLarge, "NumberOfFrames");
        if (description.Rows > MaxSide) return Failed(Reason.DimensionsTooLarge, "Rows");
        if (description.Columns > MaxSide) return Failed(Reason.DimensionsTooLarge, "Columns");
        return description.SampleCount * description.BytesPerSample > MaxFrameBytes ? Failed(Reason.DecodedTooLarge, null) : default;
    }

    private static DecodeOutcome DecodeNative(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomElement element, ImagePixelDescription description, int frame,
        PixelBufferPool pool, PixelBuffer? holder)
    {
        const string name = "native";
        if (element.IsUndefinedLength)
        {
            return dataset.IsTransferSyntaxDeduced
                ? Failed(Reason.MissingAttribute, "TransferSyntaxUID")
                : Failed(Reason.CorruptPixelData, "encapsulated in a native transfer syntax", element.Offset, name);
        }

        // 4:2:2 in name only: where every sample is there, none was left out.
        if (NativePixels.IsYbr422(description) && element.Length >= description.SampleCount * description.NumberOfFrames)
            description = description with { Photometric = "YBR_FULL" };
        if (NativePixels.IsYbr422(description) && description.Columns % 2 != 0)
            return Failed(Reason.UnsupportedPixelFormat, "Columns", element.Offset, name);

        var there = Math.Min(element.Length, file.Length - element.Offset);
        var needed = (NativePixels.BitsPerFrame(description) * (frame + 1L) + 7) / 8;
        if (needed > there)
            return Failed(Reason.TruncatedPixelData, null, element.Offset + there, name);
        var ofAll = (NativePixels.BitsPerFrame(description) * description.NumberOfFrames + 7) / 8;
        if (PixelSanity.WrongLength(there, ofAll) is { } seen) return Failed(Reason.ImplausiblePixels, seen, element.Offset, name);

        if (holder is not null && NativePixels.TryFindClean(file, element, frame, description, dataset.IsBigEndian, out var offset))
            return Film(holder.Claim(), description, name, offset);

        var buffer = RentFrame(description, pool, out var target);
        NativePixels.Copy(
            file.Slice(element.Offset, (int)there), frame, description, dataset.IsBigEndian,
            element.Vr == ValueRepresentation.OW, target);
        return Finished(buffer, target, description, name);
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
            if (result.Reason == Reason.None && (codec.IsLossy ?? TransferSyntaxes.IsLossy(dataset.TransferSyntax))
                && PixelSanity.Overshoot(target, description) is { } seen) result = new(Reason.ImplausiblePixels, 0, seen);
            if (result.Reason == Reason.None) return Finished(buffer, target, description, codec.Name, lacksSign: codec.LacksSign);
            buffer.Dispose();

            // Behind the first fragment the place in the joined bytes is not that in the file.
            return Failed(result.Reason, result.Detail, joined is null ? offset + result.Offset : offset, codec.Name);
        }
    }

    private static DecodeOutcome DecodeByLibrary(
        ReadOnlySpan<byte> file, DicomDataset dataset, NativeSyntax syntax, in ImagePixelDescription description, int frame,
        DecodeSettings settings, PixelBufferPool pool)
    {
        var bytes = EncapsulatedFrames.Find(
            file, dataset, frame, description.NumberOfFrames, pool, out var joined, out var offset, out var result);
        using (joined)
        {
            if (result.Reason != Reason.None) return Failed(result.Reason, result.Detail, offset, syntax.Name);
            result = NativeFrame.Decode(syntax, bytes, description, settings, pool, out var decoded, out var buffer, out var discarded);
            var reduction = new Reduction(discarded, description.Rows, description.Columns);
            if (buffer is not null)
            {
                var cells = buffer.Span(decoded.SampleCount * decoded.BytesPerSample);

                // The low band of a lossless transform rings, too.
                var isLossy = discarded > 0 || TransferSyntaxes.IsLossy(dataset.TransferSyntax);
                if (isLossy) PixelSanity.ClampRinging(cells, decoded);

                // Cleaning takes a sign that is longer than Bits Stored, but positive, for one that was not extended; here all are.
                var isOutside = decoded.IsSigned && decoded.HighBit == decoded.BitsStored - 1 && !CleanCells.AreClean(cells, decoded);
                var film = Finished(buffer, cells, decoded, syntax.Name, reduction);
                var unused = film.UnusedBits | (isOutside ? 1u << decoded.BitsStored : 0);
                return film with
                {
                    // Below a sample that lies higher in its cell, what is lost is noise.
                    UnusedBits = isLossy ? unused & (uint)(ulong.MaxValue << decoded.HighBit + 1) : unused,
                };
            }

            if (result.Reason == Reason.UnsupportedTransferSyntax) return Failed(result.Reason, dataset.TransferSyntax);
            return Failed(result.Reason, result.Detail, joined is null ? offset + result.Offset : offset, syntax.Name);
        }
    }

    private static DecodeOutcome Finished(
        PixelBuffer buffer, Span<byte> target, in ImagePixelDescription description, string decoder, Reduction? reduction = null, bool lacksSign = false)
    {
        lacksSign &= description.IsSigned && description.BitsStored < description.BitsAllocated;
        var unused = description.IsFloatingPoint ? 0 : SampleCells.Clean(target, lacksSign ? description with { IsSigned = false } : description);
        return Film(buffer, description, decoder, reduction: reduction) with { UnusedBits = unused, LacksSign = lacksSign };
    }

    /// <summary>Pixels that were decoded.</summary>
    internal static DecodeOutcome Film(PixelBuffer buffer, in ImagePixelDescription description, string decoder, int offset = 0, Reduction? reduction = null)
    {
        var kind = (description.BytesPerSample, description.IsSigned) switch
        {
            (4, _) when description.IsFloatingPoint => SampleKind.F32,
            (8, _) => SampleKind.F64,
            (1, false) => SampleKind.U8,
            (1, true) => SampleKind.S8,
            (2, false) => SampleKind.U16,
            (2, true) => SampleKind.S16,
            (_, false) => SampleKind.U32,
            _ => SampleKind.S32,
        };
        var pixels = new StoredPixels(
            buffer, kind, description.Rows, description.Columns, description.SamplesPerPixel, description.BitsStored, offset)
        {
            Reduction = reduction ?? new(0, description.Rows, description.Columns),
        };
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
