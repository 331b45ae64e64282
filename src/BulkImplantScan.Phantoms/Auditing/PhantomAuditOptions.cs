using BulkImplantScan.Auditing;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>Which films an audit renders.</summary>
public sealed record PhantomAuditOptions
{
    /// <summary>Pairs a factor. With 268 and no flip at all, the equivalence test can just show its 1 %; a model that flips on 0.5 % needs 2000.</summary>
    public const int UsualPairs = 300;

    /// <summary>Pairs of films for each factor, films for each other test; each of a patient of its own.</summary>
    public int Pairs { get; init; } = UsualPairs;

    /// <summary>The same seed gives the same figures.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Which generator.</summary>
    public PhantomEdition Edition { get; init; } = FilmPlan.UsualEdition;

    /// <summary>Long side of films in pixels; null for 2000 to 3000, as drawn.</summary>
    public int? LongSidePixels { get; init; } = 800;

    /// <summary>Factors of test 1.</summary>
    public IReadOnlyList<Factor> Factors { get; init; } = Nuisances;

    /// <summary>Numbers of the tests to run; the others are "not run".</summary>
    public IReadOnlyCollection<int> Tests { get; init; } = AuditTest.Numbers;

    /// <summary>All factors that leave the truth as it is, and leave a film of a hip.</summary>
    public static IReadOnlyList<Factor> Nuisances { get; } =
        [Factor.MarkerSide, Factor.MarkerRemoved, Factor.MarkerMoved, Factor.Collimation, Factor.Look, Factor.Pitch, Factor.Mirrored, Factor.Age];
}
