using BulkImplantScan.Results;

namespace BulkImplantScan.Pictures;

/// <summary>What the header of one picture (one page of a TIFF file) says, or why it cannot be told.</summary>
internal readonly record struct PictureHeader
{
    /// <summary>Height in pixels when held upright.</summary>
    public int Rows { get; init; }

    /// <summary>Width in pixels when held upright.</summary>
    public int Columns { get; init; }

    /// <summary>Bits of a sample.</summary>
    public int BitsStored { get; init; }

    /// <summary>In DICOM's words: <c>MONOCHROME1</c>, <c>MONOCHROME2</c>, <c>RGB</c>, <c>PALETTE COLOR</c>, <c>YBR_FULL</c>.</summary>
    public string? Photometric { get; init; }

    /// <summary>The page says of itself that it is a smaller version of another one.</summary>
    public bool IsReduced { get; init; }

    /// <summary><see cref="Reason.None"/>, or why the header is none.</summary>
    public Reason Reason { get; init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>As <see cref="FilmRow.FileOffset"/>.</summary>
    public long? FileOffset { get; init; }

    /// <summary>A header that cannot be used.</summary>
    public static PictureHeader Failed(Reason reason, string? detail, long? offset = null) =>
        new() { Reason = reason, Detail = detail, FileOffset = offset };

    /// <summary>Checks what is declared against the limits, before memory is taken.</summary>
    /// <param name="channels">Samples of a pixel, 1 or more.</param>
    public PictureHeader Checked(int channels)
    {
        if (Reason != Reason.None) return this;
        if (Rows > PictureLimits.MaxSide || Columns > PictureLimits.MaxSide) return this with { Reason = Reason.DimensionsTooLarge };
        var bytes = (long)Rows * Columns * channels * (BitsStored > 8 ? 2 : 1);
        return bytes > PictureLimits.MaxDecodedBytes ? this with { Reason = Reason.DecodedTooLarge } : this;
    }
}
