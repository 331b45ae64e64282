using BulkImplantScan.Dicom;

namespace BulkImplantScan.Pipeline;

/// <summary>How to scan; nothing here changes a row but <see cref="MaxFilmBytes"/>, which the run remembers.</summary>
public sealed record ScanOptions
{
    /// <summary>Largest file that is read, in bytes: one film must not take the memory of a hundred.</summary>
    public const long DefaultMaxFilmBytes = 512L << 20;

    /// <summary>One film in so many is checked, unless said otherwise: a large archive meets a thousand, and pays nothing that shows.</summary>
    public const int DefaultSelfCheckEvery = 10_000;

    /// <summary>Films decoded at a time, ≥ 1.</summary>
    public int DecodeWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Batches in flight, ≥ 1: one is staged while one is computed and one is explained.</summary>
    public int Slots { get; init; } = 3;

    /// <summary>Which films get an overlay picture.</summary>
    public ExplainPolicy Explain { get; init; } = ExplainPolicy.Uncertain;

    /// <summary>Files above this many bytes get a row <see cref="Results.Reason.TooLarge"/>.</summary>
    public long MaxFilmBytes { get; init; } = DefaultMaxFilmBytes;

    /// <summary>One film in so many goes a second time through decoding and preprocessing, by the plain path; a difference stops the
    /// scan (<see cref="SelfCheckException"/>). 1: every film; 0: none.</summary>
    public int SelfCheckEvery { get; init; } = DefaultSelfCheckEvery;

    /// <summary>How films are decoded: a seam for tests of what happens when it goes wrong.</summary>
    internal DecodeFilm DecodeFilm { get; init; } = FrameDecoder.Decode;
}
