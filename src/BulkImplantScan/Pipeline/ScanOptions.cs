using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;

namespace BulkImplantScan.Pipeline;

/// <summary>How to scan; nothing here changes a row but <see cref="MaxFilmBytes"/>, <see cref="FieldOfView"/>, <see cref="Regions"/>,
/// <see cref="ExactDecode"/>, <see cref="SecondReader"/> and native codecs that are off, which the run remembers.</summary>
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

    /// <summary>Where fields of view are looked for.</summary>
    public FieldOfViewMode FieldOfView { get; init; } = FieldOfViewMode.Auto;

    /// <summary>Whether the hips of a pelvis are judged one by one.</summary>
    public RegionMode Regions { get; init; } = RegionMode.Auto;

    /// <summary>Overlay pictures show the field of view only: no text of the border. False: the whole film.</summary>
    public bool OverlayCrop { get; init; } = true;

    /// <summary>The reader beside ours that the run was indexed with; null for none.</summary>
    public SecondReader? SecondReader { get; init; }

    /// <summary>Files above this many bytes get a row <see cref="Results.Reason.TooLarge"/>.</summary>
    public long MaxFilmBytes { get; init; } = DefaultMaxFilmBytes;

    /// <summary>Decode JPEG 2000 at full resolution, also where the network is given far less.</summary>
    public bool ExactDecode { get; init; }

    /// <summary>Where the system's codec libraries run.</summary>
    public NativeCodecOptions NativeCodecs { get; init; } = new();

    /// <summary>One film in so many goes a second time through decoding and preprocessing, by the plain path; a difference stops the
    /// scan (<see cref="SelfCheckException"/>). 1: every film; 0: none.</summary>
    public int SelfCheckEvery { get; init; } = DefaultSelfCheckEvery;

    /// <summary>How films are decoded: a seam for tests of what happens when it goes wrong.</summary>
    internal DecodeFilm DecodeFilm { get; init; } = FrameDecoder.Decode;
}
