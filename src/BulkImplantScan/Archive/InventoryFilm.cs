using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>One row of <c>inventory.parquet</c>: where a film is, and what its header says.</summary>
public sealed record InventoryFilm
{
    /// <summary>Place in the inventory, from 0; film / the chunk size is its chunk and its row group.</summary>
    public required long FilmIndex { get; init; }

    /// <summary>Stable key: HMAC of SOP Instance UID, frame and path below the archive's root; 32 hex digits, unique.</summary>
    public required string FilmKey { get; init; }

    /// <summary>Path below the archive's root, the operating system's own bytes (not always UTF-8), <c>/</c> between names.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Frame number from 1.</summary>
    public int Frame { get; init; } = 1;

    /// <summary>Frames that the file says it has, at least 1.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Size of the file when it was indexed.</summary>
    public long FileBytes { get; init; }

    /// <summary>Why the film will not be scanned, known from the header alone; <see cref="Reason.None"/> when it will be.</summary>
    public Reason Reason { get; init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>As <see cref="FilmRow.FileOffset"/>.</summary>
    public long? FileOffset { get; init; }

    /// <summary>Facts and pseudonyms.</summary>
    public required FilmFacts Facts { get; init; }
}
