using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>What a sidecar says of one file.</summary>
/// <param name="path">Below the archive's root.</param>
/// <param name="facts">What it tells, with pseudonyms.</param>
internal sealed class SidecarLine(string path, FilmFacts facts)
{
    /// <summary>Below the archive's root, <c>/</c> between names.</summary>
    public string Path { get; } = path;

    /// <summary>Facts.</summary>
    public FilmFacts Facts { get; } = facts;

    /// <summary>Something lies there; set by whichever worker meets it.</summary>
    public bool IsThere { get; set; }

    /// <summary>It is a picture, and so a film.</summary>
    public bool IsUsed { get; set; }
}
