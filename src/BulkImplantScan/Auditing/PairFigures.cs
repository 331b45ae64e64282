using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Auditing;

/// <summary>Answers to pairs of films that differ in one thing.</summary>
/// <param name="Flips">Pairs of which the largest probability is of another class afterwards.</param>
/// <param name="MeanChange">Mean |Δp| of the class that was largest before.</param>
/// <param name="UpperFlips">Upper one-sided 95 % bound (Wilson) of the share of flips: what the equivalence test holds against its margin.</param>
/// <param name="RightBefore">Pairs with the right answer before.</param>
/// <param name="RightAfter">And after.</param>
/// <param name="OnlyBefore">Right before, wrong after.</param>
/// <param name="OnlyAfter">The other way round.</param>
/// <param name="McNemarP">Two-sided, exact.</param>
public sealed record PairFigures(int Flips, double MeanChange, double UpperFlips, int RightBefore, int RightAfter, int OnlyBefore, int OnlyAfter, double McNemarP)
{
    /// <summary>Counts.</summary>
    /// <param name="before">Answers to the first films.</param>
    /// <param name="after">To the second.</param>
    /// <param name="truthBefore">Class of each first film.</param>
    /// <param name="truthAfter">Of each second.</param>
    public static PairFigures Of(IReadOnlyList<AuditAnswer> before, IReadOnlyList<AuditAnswer> after, IReadOnlyList<int> truthBefore, IReadOnlyList<int> truthAfter)
    {
        bool[] first = [.. before.Select((answer, i) => answer.Top == truthBefore[i])], second = [.. after.Select((answer, i) => answer.Top == truthAfter[i])];
        var flips = before.Where((answer, i) => answer.Top != after[i].Top).Count();
        var mcNemar = McNemar.Of(first, second, [.. Enumerable.Range(0, first.Length)]);
        return new(
            flips,
            before.Count == 0 ? 0 : before.Select((answer, i) => Math.Abs(answer.Probabilities[answer.Top] - after[i].Probabilities[answer.Top])).Average(),
            Wilson.Of(flips, before.Count, AuditLimits.OneSided).High,
            first.Count(right => right), second.Count(right => right), mcNemar.OnlyFirst, mcNemar.OnlySecond, mcNemar.Exact);
    }
}
