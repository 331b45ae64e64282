using System.Text.Json.Serialization;

namespace BulkImplantScan.Results;

/// <summary>What <c>run.json</c> holds: enough to continue the run, and to refuse what does not belong to it.</summary>
public sealed record RunManifest
{
    /// <summary>The version of the layout that this program writes. 1 knew one archive, and no films in containers; it is read.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Version of the layout; a larger one than <see cref="CurrentFormat"/> is refused.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Version of the program that made the run.</summary>
    public required string ProductVersion { get; init; }

    /// <summary>Full path of the archive's root: a folder or a file.</summary>
    public required string ArchiveRoot { get; init; }

    /// <summary>Full paths of the roots of further archives in the same inventory.</summary>
    public string[] MoreRoots { get; init; } = [];

    /// <summary>All roots; a film's number of one is its place here.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Roots => [ArchiveRoot, .. MoreRoots];

    /// <summary>Films a chunk, 1 to <see cref="RunFolder.MaximumChunkFilms"/>.</summary>
    public required int ChunkFilms { get; init; }

    /// <summary><see cref="SiteKey.Id"/> of the key of the pseudonyms.</summary>
    public required string SiteKeyId { get; init; }

    /// <summary>SHA-256 of the run's <c>triage.json</c>; null until the index has begun, and in runs of older versions.</summary>
    public string? TriageSha256 { get; init; }

    /// <summary>Who read the headers, and so must read the films: <c>ours</c>, <c>ours, fo-dicom</c> or <c>fo-dicom</c>; null until
    /// the index is complete, and in runs of older versions, which were read by ours.</summary>
    public string? DicomReader { get; init; }

    /// <summary>Which exported pictures are films: <c>off</c>, <c>listed</c> or <c>all</c>; null, as older runs have it, is off.</summary>
    public string? Pictures { get; init; }

    /// <summary>SHA-256 of the sidecar of the pictures, 64 hex digits; null for none.</summary>
    public string? SidecarSha256 { get; init; }

    /// <summary>Rows of the inventory; null until it is complete.</summary>
    public long? Films { get; init; }

    /// <summary>Files and unreadable folders seen by the index; null until it is complete.</summary>
    public long? Files { get; init; }

    /// <summary>The model; null until the first scan.</summary>
    public RunModel? Model { get; init; }

    /// <summary>Settings that change rows; null until the first scan.</summary>
    public RunSettings? Settings { get; init; }

    /// <summary>What computed the latest scan; null until the first, and in runs of older versions. Changes no row but by the kind of device, which
    /// <see cref="Settings"/> hold.</summary>
    public RunDevice[]? Devices { get; init; }
}
