using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>How parsing ended, and where.</summary>
/// <param name="Status">What to do next.</param>
/// <param name="Offset">Ok: first byte of the pixel data, or the end. NeedMoreBytes: how many bytes are needed at least.
/// NotDicom, Deflated: 0. Else the byte at which reading stopped.</param>
/// <param name="Detail">What is malformed, in words without a value of the file; else null.</param>
public readonly record struct ParseOutcome(ParseStatus Status, long Offset, string? Detail)
{
    /// <summary>What a row says of it; <see cref="Reason.None"/> when nothing is wrong yet.</summary>
    public Reason Reason => Status switch
    {
        ParseStatus.NotDicom => Reason.NotDicom,
        ParseStatus.Malformed => Reason.MalformedDataSet,
        ParseStatus.HeaderTooLarge => Reason.HeaderTooLarge,
        ParseStatus.NestingTooDeep => Reason.NestingTooDeep,
        ParseStatus.InflatedTooLarge => Reason.DecodedTooLarge,
        _ => Reason.None,
    };
}
