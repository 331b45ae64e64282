namespace BulkImplantScan.Results;

/// <summary>Which part of a film a row is of, as in the column <c>region</c>: sides are the patient's.</summary>
public static class FilmRegion
{
    /// <summary>The film: its one row.</summary>
    public const string Whole = "whole";

    /// <summary>The left hip of a pelvis; the first of its two rows.</summary>
    public const string Left = "left";

    /// <summary>The right hip of a pelvis; the second row, which also counts the film.</summary>
    public const string Right = "right";
}
