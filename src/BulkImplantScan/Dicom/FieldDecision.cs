using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>The field of view of one film, and what showed it. A pure function of header and stored pixels.</summary>
/// <param name="Crop">Pixels that the network is shown.</param>
/// <param name="Windowing">Pixels that windowing looks at, within <paramref name="Crop"/>: smaller only for a circle.</param>
/// <param name="Notes">What showed it, as in <see cref="Results.FilmRow.Notes"/>: empty when it is the whole film.</param>
public readonly record struct FieldDecision(FieldOfView Crop, FieldOfView Windowing, string[] Notes)
{
    // A hip does not fit into a quarter of a film's side. And millimetres taken for pixels (0.1 to 0.2 mm each) give a fifth.
    private const int LeastShare = 4;

    /// <summary>The crop for the row; null when it is the whole film.</summary>
    public FieldOfView? Cut => Notes.Length > 0 ? Crop : null;

    /// <summary>Finds the field.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">The film's header: its coordinates are of the full resolution.</param>
    /// <param name="film">The frame, made grey, with pixels.</param>
    /// <param name="mode">What may be looked at.</param>
    public static FieldDecision Find(ReadOnlySpan<byte> file, DicomDataset dataset, in GrayFilm film, FieldOfViewMode mode)
    {
        var pixels = film.Pixels!;
        var whole = FieldOfView.Whole(pixels);
        if (mode == FieldOfViewMode.Off) return new(whole, whole, []);

        var description = dataset.DescribePixels(file);
        var (crop, windowing) = (whole, whole);
        List<string>? notes = null;
        Apply(ExposedRegion.ReadShutter(file, dataset, description.Rows, description.Columns), DecodeNote.Shutter);
        Apply(ExposedRegion.ReadCollimator(file, dataset, description.Rows, description.Columns), DecodeNote.Collimator);
        Leave(PaddingBorder.Find(pixels, crop, film.Padding), DecodeNote.Padding);
        if (mode == FieldOfViewMode.Auto) Leave(ImageBorder.Find(pixels, crop, !film.IsColour && GrayscalePipeline.IsInverted(file, dataset)), DecodeNote.Border);
        return crop == whole
            ? new(whole, windowing, [])
            : new(crop, windowing, [.. notes!.Prepend(DecodeNote.FieldOfView)]);

        void Apply(ExposedRegion? region, string note)
        {
            if (region is not { } given) return;
            Leave(crop.Intersect(given.Box), note, given.Core);
        }

        void Leave(FieldOfView left, string note, FieldOfView? within = null)
        {
            if (!HoldsFilm(left, whole)) return;
            var core = windowing.Intersect(within ?? left).Intersect(left);
            if (HoldsFilm(core, whole)) windowing = core;
            else if (left != crop) windowing = left;
            if (left == crop) return; // a circle that just fits: its corners are shown, and not windowed
            crop = left;
            (notes ??= []).Add(note);
        }
    }

    /// <summary>Finds the field of an exported picture, which has no header: from its pixels alone.</summary>
    /// <param name="pixels">One sample a pixel, 8 or 16 bits.</param>
    /// <param name="isInverted">Small values are bright.</param>
    /// <param name="mode">What may be looked at.</param>
    public static FieldDecision OfPicture(StoredPixels pixels, bool isInverted, FieldOfViewMode mode)
    {
        var whole = FieldOfView.Whole(pixels);
        var crop = mode == FieldOfViewMode.Auto ? ImageBorder.Find(pixels, whole, isInverted) : whole;
        return crop == whole || !HoldsFilm(crop, whole) ? new(whole, whole, []) : new(crop, crop, [DecodeNote.FieldOfView, DecodeNote.Border]);
    }

    /// <summary>Whether a field is large enough to be one.</summary>
    internal static bool HoldsFilm(FieldOfView field, FieldOfView film) =>
        field.Rows >= 1 && field.Columns >= 1
        && (long)field.Rows * LeastShare >= film.Rows && (long)field.Columns * LeastShare >= film.Columns;
}
