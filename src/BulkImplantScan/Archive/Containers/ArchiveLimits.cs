namespace BulkImplantScan.Archive.Containers;

/// <summary>What a container may cost. A real archive is far below every one; docs/archive.md says what each is for.</summary>
internal sealed record ArchiveLimits
{
    /// <summary>The limits of every run.</summary>
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Members of one container.</summary>
    public int Members { get; init; } = 1_000_000;

    /// <summary>Bytes that one container may unpack to.</summary>
    public long UnpackedBytes { get; init; } = 16L << 40;

    /// <summary>Unpacked bytes per packed byte. Deflate reaches 1032 on nothing but zeros; a black film with its header stays
    /// below 1000.</summary>
    public int Ratio { get; init; } = 1000;

    /// <summary>Bytes of one member below which its ratio does not count: a black film may be packed as well as can be.</summary>
    public long FreeMemberBytes { get; init; } = 64L << 20;

    /// <summary>Unpacked bytes of a container below which its ratio does not count: zstd and LZMA pack a run of black films
    /// better than 1000 to 1.</summary>
    public long FreeContainerBytes { get; init; } = 1L << 30;

    /// <summary>Directory of a zip or 7z, which is held in memory.</summary>
    public int DirectoryBytes { get; init; } = 128 << 20;

    /// <summary>Name of a member.</summary>
    public int NameBytes { get; init; } = 64 << 10;

    /// <summary>Header of a tar that tells a long name, or what pax adds (access lists and the like).</summary>
    public int RecordBytes { get; init; } = 1 << 20;

    /// <summary>A zip or 7z that lies compressed in another container and is held in memory, since it is not read front to back.</summary>
    public long HeldBytes { get; init; } = 512L << 20;

    /// <summary>Window of a decompressor: <c>zstd --ultra -22</c> takes 128 MiB, 7-Zip's largest level 256.</summary>
    public long WindowBytes { get; init; } = 512L << 20;
}
