namespace BulkImplantScan.Imaging;

/// <summary>The part of a film that was exposed: a rectangle of its pixels, without shutter, collimator border and padding.</summary>
/// <remarks>In pixels of the film as it is stored, whatever resolution was decoded.</remarks>
/// <param name="Top">First row, from 0.</param>
/// <param name="Left">First column, from 0.</param>
/// <param name="Rows">Height, 1 or more.</param>
/// <param name="Columns">Width, 1 or more.</param>
public readonly record struct FieldOfView(int Top, int Left, int Rows, int Columns)
{
    /// <summary>All of a film.</summary>
    public static FieldOfView Whole(StoredPixels film) => new(0, 0, film.Reduction.FilmRows, film.Reduction.FilmColumns);

    /// <summary>The samples of a film that stand for pixels of the field only: all of a field's, where the film is there in full.</summary>
    public FieldOfView Samples(StoredPixels film)
    {
        var (levels, rows, columns) = film.Reduction;
        var (top, left) = (Up(Top), Up(Left));
        var bottom = Top + Rows == rows ? film.Rows : (Top + Rows) >> levels;
        var right = Left + Columns == columns ? film.Columns : (Left + Columns) >> levels;
        return new(top, left, Math.Max(0, bottom - top), Math.Max(0, right - left));

        int Up(int place) => (place + (1 << levels) - 1) >> levels;
    }

    /// <summary>Lies within a film of that size.</summary>
    public bool FitsIn(int rows, int columns) =>
        Rows >= 1 && Columns >= 1 && Top >= 0 && Left >= 0 && Top <= rows - Rows && Left <= columns - Columns;

    /// <summary>What both have; of no rows or columns where that is nothing.</summary>
    public FieldOfView Intersect(FieldOfView other)
    {
        int top = Math.Max(Top, other.Top), left = Math.Max(Left, other.Left);
        var bottom = Math.Min((long)Top + Rows, (long)other.Top + other.Rows);
        var right = Math.Min((long)Left + Columns, (long)other.Left + other.Columns);
        return new(top, left, (int)Math.Max(0, bottom - top), (int)Math.Max(0, right - left));
    }
}
