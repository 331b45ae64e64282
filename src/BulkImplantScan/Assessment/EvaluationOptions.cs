using BulkImplantScan.Inference;

namespace BulkImplantScan.Assessment;

/// <summary>How a run is evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>α where neither the user nor the model says one.</summary>
    public const double UsualAlpha = 0.05;

    /// <summary>Of the bootstrap.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Replicates of the bootstrap.</summary>
    public int Replicates { get; init; } = 2000;

    /// <summary>α of the model's conformal sets: what they may miss; null: as the model says.</summary>
    public double? Alpha { get; init; }

    /// <summary>Films of each class that its conformal threshold was chosen on; null: as the model says.</summary>
    public int? CalibrationFilms { get; init; }

    /// <summary>Folder that the paths of the truth start from; null for the truth file's own.</summary>
    public string? FilmsFolder { get; init; }

    /// <summary>Labels that the model was trained with, to find patients who are in both; null for none.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>Set the study's published figures beside those of the run.</summary>
    public bool ComparePaper { get; init; }

    /// <summary>The package that the run was scanned with, to try its Grad-CAMs; null: they are not tried.</summary>
    public ModelPackage? Model { get; init; }

    /// <summary>Films at most whose maps are tried: each is judged some thirty times.</summary>
    public int Maps { get; init; } = 100;

    /// <summary>Another run to compare with; null for none.</summary>
    public string? CompareRun { get; init; }
}
