using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>The whole way of a file through the room, as scan and inspect go it.</summary>
internal static class DicomFiles
{
    /// <summary>What came out of a file.</summary>
    public sealed record Film(
        Reason Reason, string? Detail, long? Offset, string? Decoder, string? Sha256, long? Min, long? Max, double? Mean,
        string? SopInstanceUid, string? Modality);

    public static Film Decode(ReadOnlySpan<byte> file, DecodeSettings? settings = null)
    {
        var dataset = new DicomDataset();
        using var pool = new PixelBufferPool();
        var outcome = DicomReader.Parse(file, isWholeFile: true, dataset);
        PixelBuffer? inflated = null;
        if (outcome.Status == ParseStatus.Deflated)
        {
            outcome = DicomReader.Inflate(file, true, headerOnly: false, dataset, pool, out inflated, out var length);
            if (inflated is not null) file = inflated.Span(length);
        }

        using (inflated)
        {
            if (outcome.Reason != Reason.None)
                return new(outcome.Reason, outcome.Detail, outcome.Offset, null, null, null, null, null, null, null);
            Assert.Equal(ParseStatus.Ok, outcome.Status);

            var (uid, modality) = (dataset.GetString(file, DicomTags.SopInstanceUid), dataset.GetString(file, DicomTags.Modality));
            using var hash = new PixelHash();
            string? decoder = null;
            for (var frame = 1; frame <= Math.Max(1, Math.Min(16, dataset.DescribePixels(file).NumberOfFrames)); frame++)
            {
                var decoded = FrameDecoder.Decode(file, dataset, frame, settings ?? DecodeSettings.Exact, pool);
                if (decoded.Reason != Reason.None)
                {
                    Assert.Null(decoded.Pixels);
                    return new(decoded.Reason, decoded.Detail, decoded.FileOffset, decoded.Decoder, null, null, null, null, uid, modality);
                }

                using var pixels = decoded.Pixels!;
                hash.Append(pixels);
                decoder = decoded.Decoder;
            }

            return new(Reason.None, null, null, decoder, hash.Sha256(), hash.Min, hash.Max, hash.Mean, uid, modality);
        }
    }
}
