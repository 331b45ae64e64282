namespace BulkImplantScan.Results;

/// <summary>The model that a run's rows come from.</summary>
/// <param name="Name">Name of the model package.</param>
/// <param name="Sha256">SHA-256 of the network and its description, lower-case hex: what must be equal to continue a run.</param>
/// <param name="Classes">In the order of <see cref="FilmRow.Probabilities"/>.</param>
public sealed record RunModel(string Name, string Sha256, RunClass[] Classes)
{
    /// <summary>What the network is given, where maps of it are to be laid over films; null in runs of versions that did not say.</summary>
    public RunInput? Input { get; init; }

    /// <summary>Films of each class that its conformal threshold was chosen on; null where the package does not say.</summary>
    public int[]? ConformalFilms { get; init; }

    /// <summary>α of the conformal sets; null where the package does not say.</summary>
    public double? ConformalMiss { get; init; }
}
