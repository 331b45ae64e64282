using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>The hips of an AP pelvis: where its midline lies, and which half is whose. A pure function of header and stored pixels.</summary>
/// <remarks>A pelvis is a film that is wide enough for both hips and like its mirror image; how like, depends on whether the header names a
/// pelvis or says nothing. One that names a side is of one hip, whatever else is on it: a hip cut in two is lost, a pelvis that is judged
/// as a whole is as it always was. docs/regions.md has what the limits were taken from.</remarks>
/// <param name="Column">First column of the half to the right, in pixels of the film.</param>
/// <param name="IsLeftToTheRight">The patient's left hip is on the film's right half: AP, as one looks at a person.</param>
public readonly record struct HipRegions(int Column, bool IsLeftToTheRight)
{
    /// <summary>Least width of the field: heads of femurs lie some 18 cm apart, and are magnified.</summary>
    private const double LeastWidthMm = 280;

    /// <summary>Least width for its height: cassettes for a pelvis lie across, those for a hip stand.</summary>
    private const double LeastWidthToHeight = 0.95;

    /// <summary>Least symmetry where the header names a pelvis or both sides: below lie most single hips.</summary>
    private const double NamedSymmetry = 0.4;

    /// <summary>Where it says nothing of that: below lay all.</summary>
    private const double SilentSymmetry = 0.55;

    // Of how people write it in Body Part Examined: pelvis, Becken, bassin, bacino, pelvic.
    private static readonly string[] PelvisWords = ["PELV", "BECKEN", "BASSIN", "BACINO"];

    /// <summary>Finds the hips of a film; null where it is none of a pelvis.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">The film's header.</param>
    /// <param name="facts">What the index read from it.</param>
    /// <param name="pixels">One sample a pixel, 8 or 16 bits.</param>
    /// <param name="transform">Brightness of a stored value.</param>
    /// <param name="view">The field of view, and the shape of pixels.</param>
    public static HipRegions? Find(
        ReadOnlySpan<byte> file, DicomDataset dataset, FilmFacts facts, StoredPixels pixels, GrayscaleTransform transform, FilmView view)
    {
        var spacing = dataset.GetDoubles(file, DicomTags.ImagerPixelSpacing);
        if (spacing.Length < 2) spacing = dataset.GetDoubles(file, DicomTags.PixelSpacing);
        double? width = spacing.Length == 2 && spacing[1] > 0 ? view.Field.Columns * spacing[1] : null;

        // Patient Orientation: whereto the rows run (PS3.3 C.7.6.1.1.1).
        var isMirrored = dataset.GetString(file, DicomTags.PatientOrientation)?.StartsWith('R') ?? false;
        return Find(facts, pixels, transform, view, width, isMirrored);
    }

    /// <summary>The same of an exported picture, which has no header.</summary>
    /// <inheritdoc cref="Find(ReadOnlySpan{byte}, DicomDataset, FilmFacts, StoredPixels, GrayscaleTransform, FilmView)"/>
    public static HipRegions? OfPicture(FilmFacts facts, StoredPixels pixels, GrayscaleTransform transform, FilmView view) =>
        Find(facts, pixels, transform, view, widthMm: null, isMirrored: false);

    /// <summary>What a network is shown of the left hip: mirrored, so that every hip looks like a right one.</summary>
    /// <param name="shown">What it would be shown of the film.</param>
    public FilmView LeftOf(FilmView shown) => Half(shown, toTheRight: IsLeftToTheRight) with { IsMirrored = IsLeftToTheRight };

    /// <summary>What a network is shown of the right hip.</summary>
    /// <param name="shown">What it would be shown of the film.</param>
    public FilmView RightOf(FilmView shown) => Half(shown, toTheRight: !IsLeftToTheRight) with { IsMirrored = !IsLeftToTheRight };

    private FilmView Half(FilmView shown, bool toTheRight)
    {
        var field = shown.Field;
        var left = Math.Clamp(Column - field.Left, 1, field.Columns - 1);
        return shown with { Field = toTheRight ? field with { Left = field.Left + left, Columns = field.Columns - left } : field with { Columns = left } };
    }

    private static HipRegions? Find(FilmFacts facts, StoredPixels pixels, GrayscaleTransform transform, FilmView view, double? widthMm, bool isMirrored)
    {
        var (field, aspect) = (view.Field, view.Aspect);
        if (facts.Side is "L" or "R" || widthMm < LeastWidthMm) return null;
        if ((double)field.Columns * aspect.Horizontal < LeastWidthToHeight * field.Rows * aspect.Vertical) return null;
        var isNamed = facts.Side == "B" || (facts.BodyPart is { } part && Array.Exists(PelvisWords, word => part.Contains(word, StringComparison.Ordinal)));

        // Nothing but likeness to a mirror image would speak for it: chests and skulls have that, too.
        if (!isNamed && widthMm is null) return null;
        var axis = MirrorAxis.Find(pixels, transform, view);
        return axis.Symmetry < (isNamed ? NamedSymmetry : SilentSymmetry)
            ? null
            : new(field.Left + (int)Math.Round(axis.Column * field.Columns), !isMirrored);
    }
}
