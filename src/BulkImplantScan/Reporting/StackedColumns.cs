namespace BulkImplantScan.Reporting;

/// <summary>A chart of counts: columns, each a stack of series.</summary>
/// <param name="FileName">Name of its PNG, without extension.</param>
/// <param name="Title">What it shows; plain text.</param>
/// <param name="Axis">What is counted.</param>
/// <param name="Columns">Labels under the columns, in order.</param>
/// <param name="Series">From the bottom up.</param>
/// <param name="LabelEvery">Label every n-th column.</param>
internal sealed record StackedColumns(
    string FileName, string Title, string Axis, IReadOnlyList<string> Columns, IReadOnlyList<ChartSeries> Series, int LabelEvery = 1)
{
    /// <summary>Height of the tallest stack.</summary>
    public long Highest => Columns.Count == 0 ? 0 : Enumerable.Range(0, Columns.Count).Max(c => Series.Sum(s => s.Values[c]));

    /// <summary>A round distance of 4 to 8 ticks up to <see cref="Highest"/>, at least 1.</summary>
    public long TickDistance
    {
        get
        {
            long power = 1;
            while (power <= Highest / 10) power *= 10;
            foreach (var step in new[] { power / 5, power / 2, power, 2 * power })
                if (step >= 1 && Highest / step <= 8) return step;
            return 5 * power;
        }
    }

    /// <summary>The tick at or above <see cref="Highest"/>: where the axis ends.</summary>
    public long Top => (Highest + TickDistance - 1) / TickDistance * TickDistance;
}
