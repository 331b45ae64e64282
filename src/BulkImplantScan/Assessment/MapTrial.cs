namespace BulkImplantScan.Assessment;

/// <summary>What hiding parts of a film, and forgetting what was learned, do to an answer and its Grad-CAM.</summary>
/// <param name="Deletion">How much sooner the answer's probability falls when the cells that the map calls important are hidden first, beside
/// cells in random order: difference of the areas under probability by share hidden, −1 to 1. Null: there is no map.</param>
/// <param name="Insertion">How much sooner it comes back when they are shown first. Null: there is no map.</param>
/// <param name="Likeness">Spearman's correlation of the map with that of each network with shuffled weights. Null: one of the two has no map.</param>
public sealed record MapTrial(double? Deletion, double? Insertion, IReadOnlyList<double?> Likeness)
{
    /// <summary>Class of the largest logit.</summary>
    public int Answer { get; init; }
}
