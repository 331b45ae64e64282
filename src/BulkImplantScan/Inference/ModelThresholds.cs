using System.Text.Json.Serialization;

namespace BulkImplantScan.Inference;

/// <summary>Where the model stops to commit itself.</summary>
/// <param name="MinimumProbability">Films whose largest probability is below it abstain: [0, 1]; 0 = never.</param>
/// <param name="MaximumEnergy">Films whose energy (see <see cref="Decision.Energy"/>) is above it abstain; null = never.</param>
/// <param name="Conformal">Per class q_c in [0, 1]: class c is in the conformal set where 1 − p_c ≤ q_c; null = no sets.</param>
/// <param name="Data">The films that the thresholds were chosen on, in words, at most 2000 characters.</param>
public sealed record ModelThresholds(
    float MinimumProbability, float? MaximumEnergy, float[]? Conformal, string Data)
{
    /// <summary>Per class the number of films that its q was chosen on, what the tolerance of its coverage depends on; null where the package does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // hashed with the rest: runs of packages without it go on
    public int[]? ConformalFilms { get; init; }

    /// <summary>The score of feature distances and its threshold; null where the package has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeatureDistance? Features { get; init; }

    /// <summary>What the package says of the films that it was chosen on: optimistic; null where it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerCounts? Answers { get; init; }

    /// <summary>α: share of a class's films whose sets may miss it; null where the package does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ConformalMiss { get; init; }
}
