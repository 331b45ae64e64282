using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One row of <c>inventory.parquet</c>: where a film is, and what its header says.</summary>
public sealed record InventoryFilm
{
    /// <summary>Place in the inventory, from 0; film / the chunk size is its chunk and its row group.</summary>
    public required long FilmIndex { get; init; }

    /// <summary>Stable key: HMAC of SOP Instance UID, frame and place; 32 hex digits, unique.</summary>
    public required string FilmKey { get; init; }

    /// <summary>Path below the archive's root, the operating system's own bytes (not always UTF-8), <c>/</c> between names.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Number of the archive (<see cref="RunManifest.Roots"/>), from 0.</summary>
    public int Root { get; init; }

    /// <summary>Where in the container that is the file at <see cref="Path"/>; null when the film is that file itself.</summary>
    public ArchiveMember? Member { get; init; }

    /// <summary>Where in the container that <see cref="Member"/> is; null when the film is that member itself.</summary>
    public ArchiveMember? Nested { get; init; }

    /// <summary>Frame number from 1.</summary>
    public int Frame { get; init; } = 1;

    /// <summary>Frames that the file says it has, at least 1.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Size of the file, or of the member unpacked, when it was indexed.</summary>
    public long FileBytes { get; init; }

    /// <summary>Why the film will not be scanned, known from the header alone; <see cref="Reason.None"/> when it will be.</summary>
    public Reason Reason { get; init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>As <see cref="FilmRow.FileOffset"/>.</summary>
    public long? FileOffset { get; init; }

    /// <summary>Facts and pseudonyms.</summary>
    public required FilmFacts Facts { get; init; }

    /// <summary>True when both lie in one file, or in one member of a container.</summary>
    public bool IsFrameOfSameFile(InventoryFilm other) =>
        Root == other.Root && Path.AsSpan().SequenceEqual(other.Path) && Equals(Member, other.Member) && Equals(Nested, other.Nested);
}
