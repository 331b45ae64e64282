namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Where the system's codec libraries run, and what a film may take there.</summary>
public sealed record NativeCodecOptions
{
    /// <summary>Where they run.</summary>
    public NativeCodecMode Mode { get; init; } = NativeCodecMode.Isolated;

    /// <summary>The program of the decoder processes: <c>bis-decoder</c> of this very build, or its <c>.dll</c> for <c>dotnet</c>. Null: the one
    /// beside the engine, where building put it.</summary>
    public string? DecoderPath { get; init; }

    /// <summary>What a film may take, and one second more for each million of its samples. Wall time, so generous: a machine under load must
    /// not change rows.</summary>
    public TimeSpan FilmTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Upper bound in bytes of what a decoder process may take for a film. A film gets 256 MiB, 64 bytes a sample and 8 bytes for each
    /// of its compressed bytes, or this, whichever is less. Held on Linux.</summary>
    public long FilmMemoryBytes { get; init; } = 8L << 30;

    /// <summary>Decoder processes that a test may tell to misbehave.</summary>
    internal bool AllowSabotage { get; init; }

    /// <summary>Shared memory as files, also where it needs no name.</summary>
    internal bool ShareFiles { get; init; }

    /// <summary>More variables for the decoder processes, <c>NAME=value</c>.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Milliseconds that a film of so many samples may take.</summary>
    internal long TimeMs(long samples) => (long)FilmTime.TotalMilliseconds + samples / 1000;

    /// <summary>Bytes that a film of so many samples may take.</summary>
    internal long MemoryBytes(long samples, long compressedBytes) => Math.Min(FilmMemoryBytes, (256L << 20) + 64 * samples + 8 * compressedBytes);
}
