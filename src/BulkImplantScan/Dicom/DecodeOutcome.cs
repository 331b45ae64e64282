using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>The stored pixels of one frame, or the reason why there are none.</summary>
/// <param name="Pixels">To be disposed by whoever takes them; null when there is a reason.</param>
/// <param name="Reason"><see cref="Reason.None"/> when decoded.</param>
/// <param name="Detail">The transfer syntax UID, the attribute or what is wrong, never a value that could name a person.</param>
/// <param name="FileOffset">Byte at which decoding stopped; of the inflated data set when that was deflated.</param>
/// <param name="Decoder"><c>native</c>, <c>rle</c>, <c>jpeg-lossless</c>, …; null when none was found.</param>
public readonly record struct DecodeOutcome(
    StoredPixels? Pixels, Reason Reason, string? Detail, long? FileOffset, string? Decoder)
{
    /// <summary>The samples are signed and are here without their sign, as the codestream has them (JPEG-LS knows none; GDCM 3.0 and
    /// DCMTK 3.6 hand them out so): hashed like this, to be shown after <see cref="StoredPixels.ExtendSign"/>.</summary>
    public bool LacksSign { get; init; }

    /// <summary>Overlay planes that the header places in unused bits of the pixels were there, and are masked off.</summary>
    public bool HadOverlayBits { get; init; }

    /// <summary>Bits Stored is less than the pixels have: they were read with all their bits.</summary>
    public bool HadMoreBits { get; init; }

    /// <summary>Bits of a cell that no sample should have, and some had.</summary>
    internal uint UnusedBits { get; init; }
}
