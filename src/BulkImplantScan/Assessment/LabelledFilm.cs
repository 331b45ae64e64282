namespace BulkImplantScan.Assessment;

/// <summary>A film of a run with its truth; of a pelvis, one of its hips where each has a truth.</summary>
public sealed record LabelledFilm
{
    /// <summary>The run's pseudonym of the film.</summary>
    public required string FilmKey { get; init; }

    /// <summary>Line and frame of the truth: the same film in another run has the same.</summary>
    public required (int Line, int Frame) Place { get; init; }

    /// <summary>Class that it shows: position in the model's classes, or <see cref="LabelledRun.UnknownHardware"/>.</summary>
    public required int Truth { get; init; }

    /// <summary>Patient, from 0 without gaps; a film of nobody has a number of its own.</summary>
    public required int Patient { get; init; }

    /// <summary><c>L</c>, <c>R</c>, or null: both or unknown.</summary>
    public string? Side { get; init; }

    /// <summary>Judged apart from the other hip of the film.</summary>
    public bool IsHipOfPelvis { get; init; }

    /// <summary><c>identified</c>, <c>none</c>, <c>abstained</c>, <c>rejected</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why; null for <c>identified</c> and <c>none</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Class of the largest probability; −1 where the network gave none.</summary>
    public int Top { get; init; } = -1;

    /// <summary>Of all classes; empty where the network gave none.</summary>
    public double[] Probabilities { get; init; } = [];

    /// <summary>Classes of the conformal set.</summary>
    public int[] ConformalSet { get; init; } = [];

    /// <summary>−T·logsumexp(z/T), larger = more outlying.</summary>
    public double? Energy { get; init; }

    /// <summary>See <see cref="Results.FilmRow.FeatureDistance"/>; null where the model has none.</summary>
    public double? FeatureDistance { get; init; }

    /// <summary>What the film is of, for subgroups: a name and a value each.</summary>
    public required IReadOnlyList<(string Name, string? Value)> Facts { get; init; }

    /// <summary>Of the truth: which set of unknown hardware, or which device.</summary>
    public string? Set { get; init; }

    /// <summary>Of the truth.</summary>
    public string? Design { get; init; }

    /// <summary>Of the truth: its mask, a path; null where there is none. Never leaves the process.</summary>
    public string? Mask { get; init; }

    /// <summary>Where the file lies; null in a container, and for a later frame. Never leaves the process.</summary>
    public string? Path { get; init; }

    /// <summary>Where the network looked; null where it gave no answer, or looked nowhere.</summary>
    public FilmCam? Cam { get; init; }

    /// <summary>Status is identified or none: the engine commits itself.</summary>
    public bool IsAnswered => Status is "identified" or "none";
}
