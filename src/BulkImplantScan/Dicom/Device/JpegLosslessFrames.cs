using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom.Device;

/// <summary>Frames of files that a device can decode: <see cref="FrameDecoder"/>'s checks, then <see cref="JpegLosslessFilm"/>.</summary>
public static class JpegLosslessFrames
{
    /// <summary>Prepares one frame.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Parsed with status Ok.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="pool">Gives memory.</param>
    /// <returns>Null when <see cref="FrameDecoder.Decode"/> must decode it, or say why it cannot be decoded.</returns>
    public static JpegLosslessFilm? Prepare(ReadOnlySpan<byte> file, DicomDataset dataset, int frame, PixelBufferPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frame, 1);
        if (dataset.PixelData is null || PixelCodec.For(dataset.TransferSyntax ?? "") is not { } codec) return null;
        var description = dataset.DescribePixels(file);
        if (FrameDecoder.Check(description).Reason != Reason.None || description.IsFloatingPoint || frame > description.NumberOfFrames) return null;
        var bytes = EncapsulatedFrames.Find(
            file, dataset, frame - 1, description.NumberOfFrames, pool, out var joined, out _, out var result);
        using (joined)
        {
            if (result.Reason != Reason.None) return null;
            codec = codec.Fitting(bytes);
            return codec.Syntaxes.Contains(TransferSyntaxes.JpegLosslessSv1)
                ? JpegLosslessFilm.Prepare(bytes, description, pool, out _)
                : null;
        }
    }

    /// <summary>What <see cref="FrameDecoder.Decode"/> gives for a film that was prepared here and that a device decoded without a fault.</summary>
    /// <param name="buffer">Its pixels, row after row without gaps.</param>
    /// <param name="description">Of the film.</param>
    internal static DecodeOutcome Decoded(PixelBuffer buffer, in ImagePixelDescription description) =>
        FrameDecoder.Film(buffer, description, PixelCodec.For(TransferSyntaxes.JpegLosslessSv1)!.Name);
}
