using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Auditing;

/// <summary>What is tolerated, and how it is decided.</summary>
public static class AuditLimits
{
    /// <summary>Share of answers that one nuisance may turn: 1 % of pairs, the margin of the equivalence test of CLINICAL §6.</summary>
    public const double Flips = 0.01;

    /// <summary>Share of answers that may fail to follow the metal, or be lost with all but the metal: ordinary errors of a model that is right
    /// on 98.5 % of films are no shortcut, and a film without bones is unlike any that it was trained on. Some three times those errors.</summary>
    public const double Metal = 0.05;

    /// <summary>Rank correlation that a map may keep with that of a network whose weights were shuffled: from a half on, more than what was
    /// learned decides where it lies.</summary>
    public const double Likeness = 0.5;

    /// <summary>What a guess from the background may be above chance before its distance from chance is called large.</summary>
    public const double AboveChance = 0.10;

    /// <summary>Area under the curve up to which a linear probe is called blind (0.5 is).</summary>
    public const double ProbeArea = 0.60;

    /// <summary>What the worst group may be below all films together.</summary>
    public const double WorstGroup = 0.05;

    /// <summary>Share of a device's answers that may be of a year before its first: a few errors, and wrong dates.</summary>
    public const double BeforeMarket = 0.01;

    /// <summary>Of the permutation tests of one audit together: each is judged at this over their number (Bonferroni).</summary>
    public const double Alpha = 0.05;

    /// <summary>Standard normal quantile of a one-sided 95 % bound: both one-sided tests at 5 % are an equivalence test at 5 % (TOST).</summary>
    public const double OneSided = 1.6448536269514722;

    /// <summary>A share that may be at most <paramref name="limit"/>.</summary>
    /// <returns>Green: the upper one-sided 95 % bound (Wilson) is not above it. Red: the lower one is. Else amber.</returns>
    public static AuditState AtMost(long count, long of, double limit)
    {
        if (of == 0) return AuditState.NotRun;
        var bounds = Wilson.Of(count, of, OneSided);
        return AtMost(bounds, limit);
    }

    /// <summary>The same of bounds that are known.</summary>
    public static AuditState AtMost(Interval bounds, double limit) =>
        bounds.Low > limit ? AuditState.Red : bounds.High <= limit ? AuditState.Green : AuditState.Amber;
}
