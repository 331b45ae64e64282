namespace BulkImplantScan.Imaging;

/// <summary>The samples of a film that a field of view is averaged from.</summary>
/// <param name="Top">First row of samples.</param>
/// <param name="Left">First column of samples.</param>
/// <param name="Rows">The rows from there on.</param>
/// <param name="Columns">The columns from there on.</param>
internal readonly record struct FieldSamples(int Top, int Left, AreaAxis Rows, AreaAxis Columns)
{
    /// <summary>The samples of a field that lies within the film.</summary>
    public static FieldSamples Of(StoredPixels film, FieldOfView field)
    {
        var rows = AreaAxis.Of(field.Top, field.Rows, film.Reduction.Levels, film.Rows, out var top);
        var columns = AreaAxis.Of(field.Left, field.Columns, film.Reduction.Levels, film.Columns, out var left);
        return new(top, left, rows, columns);
    }
}
