using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>Everything that an evaluation found: what <c>evaluation.json</c> holds.</summary>
public sealed record EvaluationResult
{
    /// <summary>What the file is.</summary>
    public string Schema { get; init; } = "bulk-implant-scan/evaluation";

    /// <summary>Of the layout; a change that readers notice raises it.</summary>
    public int Version { get; init; } = 1;

    /// <summary>For whoever reads nothing else.</summary>
    public string Note { get; init; } = "Research software, not a medical device. Figures hold for films like these; of synthetic films nothing is claimed about real ones.";

    /// <summary>Version of the program that scanned.</summary>
    public required string ProductVersion { get; init; }

    /// <summary>The model, with its classes.</summary>
    public required RunModel Model { get; init; }

    /// <summary>Settings of the scan.</summary>
    public required RunSettings? Settings { get; init; }

    /// <summary>SHA-256 of the truth file.</summary>
    public required string TruthSha256 { get; init; }

    /// <summary>Of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Of the bootstrap.</summary>
    public required int Replicates { get; init; }

    /// <summary>α of the conformal sets, as the user says, else the model.</summary>
    public required double Alpha { get; init; }

    /// <summary>Where the labelled films went.</summary>
    public required FilmFlow Flow { get; init; }

    /// <summary>Null: nobody said what the model was trained with.</summary>
    public TrainingOverlap? Training { get; init; }

    /// <summary>Film, hip, patient.</summary>
    public required IReadOnlyList<LevelFigures> Levels { get; init; }

    /// <summary>By the largest probability.</summary>
    public required Confusion Confusion { get; init; }

    /// <summary>As the engine answers.</summary>
    public required Confusion ConfusionAnswered { get; init; }

    /// <summary>Kinds of errors by the largest probability.</summary>
    public IReadOnlyList<ConfusedPair> MostConfused => Confusion.MostConfused;

    /// <summary>A curve a class.</summary>
    public required IReadOnlyList<RocFigure> Roc { get; init; }

    /// <summary>Do probabilities mean what they say?</summary>
    public required CalibrationFigures Calibration { get; init; }

    /// <summary>Empty: the model has no conformal thresholds.</summary>
    public required IReadOnlyList<ConformalFigures> Conformal { get; init; }

    /// <summary>What abstaining buys.</summary>
    public required SelectiveFigures Selective { get; init; }

    /// <summary>Empty: no film is labelled unknown.</summary>
    public required IReadOnlyList<UnknownFigures> Unknown { get; init; }

    /// <summary>Where the network looked; empty: no film of a device has a mask.</summary>
    public required IReadOnlyList<LocalisationFigures> Localisation { get; init; }

    /// <summary>Null: the model was not given.</summary>
    public MapFigures? Maps { get; init; }

    /// <summary>By what the rows say of the films.</summary>
    public required IReadOnlyList<SubgroupFigures> Subgroups { get; init; }

    /// <summary>The study's figures, when asked for.</summary>
    public PaperReference? Paper { get; init; }

    /// <summary>Another run, when asked for.</summary>
    public RunComparison? Comparison { get; init; }

    /// <summary>Reporting checklists.</summary>
    public required IReadOnlyList<Checklist> Checklists { get; init; }

    /// <summary>Films that the largest probability gets wrong, most confident first, by pseudonym.</summary>
    public required IReadOnlyList<WrongFilm> WrongFilms { get; init; }
}
