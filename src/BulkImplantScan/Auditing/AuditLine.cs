namespace BulkImplantScan.Auditing;

/// <summary>One figure of a test.</summary>
/// <param name="Of">Factor, class or column.</param>
/// <param name="Measure">What the figure is.</param>
/// <param name="N">Pairs or films.</param>
/// <param name="Value">The figure; null: there is nothing to take it of.</param>
/// <param name="Lo">Lower bound of its 95 % interval, two-sided.</param>
/// <param name="Hi">Upper bound.</param>
/// <param name="Limit">What it is held against.</param>
/// <param name="State">Null: told, not judged.</param>
/// <param name="Note">What else is to be known.</param>
public sealed record AuditLine(string Of, string Measure, int N, double? Value, double? Lo, double? Hi, double? Limit, AuditState? State, string Note = "")
{
    /// <summary>Of pairs of films: what became of the answers.</summary>
    public PairFigures? Pairs { get; init; }
}
