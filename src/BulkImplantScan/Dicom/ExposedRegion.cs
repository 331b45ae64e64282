using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>A region that a header draws into its image: Display Shutter (PS3.3 C.7.6.11) or X-Ray Collimator (C.8.7.3).</summary>
/// <remarks>Both modules have the same shapes under other tags: rectangle, circle, polygon, or several of them, where the region
/// is what all have in common. Coordinates count from 1, may lie beyond the image, and are often nonsense: millimetres, or pixels
/// of a detector that was binned since. So a region in which no hip fits is not believed.</remarks>
/// <param name="Box">The smallest rectangle that holds the region.</param>
/// <param name="Core">A rectangle without anything from outside the region, where that is easily had (circle: the inscribed
/// square); else the box. Windowing looks at this.</param>
internal readonly record struct ExposedRegion(FieldOfView Box, FieldOfView Core)
{
    private static readonly Attributes Shutter = new(
        DicomTags.ShutterShape, DicomTags.ShutterLeftVerticalEdge, DicomTags.ShutterRightVerticalEdge,
        DicomTags.ShutterUpperHorizontalEdge, DicomTags.ShutterLowerHorizontalEdge, DicomTags.CenterOfCircularShutter,
        DicomTags.RadiusOfCircularShutter, DicomTags.VerticesOfThePolygonalShutter);

    private static readonly Attributes Collimator = new(
        DicomTags.CollimatorShape, DicomTags.CollimatorLeftVerticalEdge, DicomTags.CollimatorRightVerticalEdge,
        DicomTags.CollimatorUpperHorizontalEdge, DicomTags.CollimatorLowerHorizontalEdge, DicomTags.CenterOfCircularCollimator,
        DicomTags.RadiusOfCircularCollimator, DicomTags.VerticesOfThePolygonalCollimator);

    /// <summary>The shutter; null when there is none, it hides nothing, or it cannot be meant.</summary>
    public static ExposedRegion? ReadShutter(ReadOnlySpan<byte> file, DicomDataset dataset, int rows, int columns) =>
        Read(file, dataset, Shutter, rows, columns);

    /// <summary>The collimator; null when there is none, it hides nothing, or it cannot be meant.</summary>
    /// <remarks>It must hold the middle of the image: the beam's axis is there, and coordinates of a detector twice as fine, or
    /// half, give a rectangle that does not.</remarks>
    public static ExposedRegion? ReadCollimator(ReadOnlySpan<byte> file, DicomDataset dataset, int rows, int columns) =>
        Read(file, dataset, Collimator, rows, columns) is { } region
        && region.Box.Top < rows / 2 && region.Box.Top + region.Box.Rows > (rows + 1) / 2
        && region.Box.Left < columns / 2 && region.Box.Left + region.Box.Columns > (columns + 1) / 2
            ? region
            : null;

    private static ExposedRegion? Read(ReadOnlySpan<byte> file, DicomDataset dataset, Attributes tags, int rows, int columns)
    {
        var film = new FieldOfView(0, 0, rows, columns);
        var region = new ExposedRegion(film, film);
        foreach (var shape in dataset.GetStrings(file, tags.Shape))
        {
            var named = shape switch
            {
                "RECTANGULAR" => Rectangle(file, dataset, tags, rows, columns),
                "CIRCULAR" => Circle(file, dataset, tags),
                "POLYGONAL" => Polygon(file, dataset, tags),
                _ => null, // BITMAP: its mask is in an overlay plane, which is not read
            };
            if (named is { } one) region = new(region.Box.Intersect(one.Box), region.Core.Intersect(one.Core));
        }

        // A circle may hide nothing but corners: its box is the film then, its core is not.
        return region != new ExposedRegion(film, film) && FieldDecision.HoldsFilm(region.Box, film)
            ? region with { Core = FieldDecision.HoldsFilm(region.Core, film) ? region.Core : region.Box }
            : null;
    }

    private static ExposedRegion? Rectangle(ReadOnlySpan<byte> file, DicomDataset dataset, Attributes tags, int rows, int columns)
    {
        // An edge that is not there, or not a number, hides nothing at its side.
        double left = dataset.GetDouble(file, tags.Left) ?? 1, right = dataset.GetDouble(file, tags.Right) ?? columns;
        double top = dataset.GetDouble(file, tags.Top) ?? 1, bottom = dataset.GetDouble(file, tags.Bottom) ?? rows;
        return Between(left, right, top, bottom) is { } box ? new(box, box) : null;
    }

    private static ExposedRegion? Circle(ReadOnlySpan<byte> file, DicomDataset dataset, Attributes tags)
    {
        var centre = dataset.GetDoubles(file, tags.Centre); // row\column
        if (centre.Length < 2 || dataset.GetDouble(file, tags.Radius) is not { } radius || !(radius > 0)) return null;
        var half = radius / Math.Sqrt(2);
        return Between(centre[1] - radius, centre[1] + radius, centre[0] - radius, centre[0] + radius) is { } box
            && Between(Math.Ceiling(centre[1] - half), Math.Floor(centre[1] + half), Math.Ceiling(centre[0] - half), Math.Floor(centre[0] + half)) is { } core
                ? new(box, core)
                : null;
    }

    private static ExposedRegion? Polygon(ReadOnlySpan<byte> file, DicomDataset dataset, Attributes tags)
    {
        var vertices = dataset.GetDoubles(file, tags.Vertices); // row\column, row\column, …
        if (vertices.Length < 6) return null;
        double top = double.MaxValue, bottom = double.MinValue, left = double.MaxValue, right = double.MinValue;
        for (var i = 0; i + 1 < vertices.Length; i += 2)
        {
            (top, bottom) = (Math.Min(top, vertices[i]), Math.Max(bottom, vertices[i]));
            (left, right) = (Math.Min(left, vertices[i + 1]), Math.Max(right, vertices[i + 1]));
        }

        return Between(left, right, top, bottom) is { } box ? new(box, box) : null;
    }

    /// <summary>Pixels from one edge to the other, both included; null when they are not in this order.</summary>
    private static FieldOfView? Between(double left, double right, double top, double bottom)
    {
        if (!(left < right) || !(top < bottom)) return null;
        int firstColumn = Place(left), firstRow = Place(top);
        return new(firstRow, firstColumn, Place(bottom) - firstRow + 1, Place(right) - firstColumn + 1);

        // Far beyond any image, and no sum of two overflows.
        static int Place(double edge) => (int)Math.Clamp(Math.Round(edge), -1e8, 1e8) - 1;
    }

    private readonly record struct Attributes(
        DicomTag Shape, DicomTag Left, DicomTag Right, DicomTag Top, DicomTag Bottom, DicomTag Centre, DicomTag Radius, DicomTag Vertices);
}
