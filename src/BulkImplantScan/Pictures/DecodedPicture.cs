using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>The stored pixels of a picture, or the reason why there are none.</summary>
internal readonly record struct DecodedPicture
{
    /// <summary>One sample a pixel where the picture is grey, else three (red, green, blue); to be disposed by whoever takes them.
    /// Null when there is a reason.</summary>
    public StoredPixels? Pixels { get; init; }

    /// <summary>0 is white (TIFF, WhiteIsZero).</summary>
    public bool IsInverted { get; init; }

    /// <summary>As <see cref="FilmRow.Notes"/>.</summary>
    public string[] Notes { get; init; }

    /// <summary><see cref="Reason.None"/> when decoded.</summary>
    public Reason Reason { get; init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>As <see cref="FilmRow.FileOffset"/>.</summary>
    public long? FileOffset { get; init; }

    /// <summary>No pixels.</summary>
    public static DecodedPicture Failed(Reason reason, string? detail, long? offset = null) =>
        new() { Reason = reason, Detail = detail, FileOffset = offset, Notes = [] };

    /// <summary>No pixels, for what the header says.</summary>
    public static DecodedPicture Failed(in PictureHeader header) => Failed(header.Reason, header.Detail, header.FileOffset);
}
