namespace BulkImplantScan.Results;

/// <summary>What changes rows besides film and model; all parts of a run are made with the same.</summary>
/// <remarks>Batch size, threads, shards and <c>--explain</c> are not here: they change no row.</remarks>
public sealed record RunSettings
{
    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public required string DeviceKind { get; init; }

    /// <summary><c>fp32</c>, <c>tf32</c> or <c>fp16</c>: arithmetic of the network.</summary>
    public required string Precision { get; init; }

    /// <summary>Smallest probability that is not abstained, [0, 1]; null for the model's own.</summary>
    public double? MinimumProbability { get; init; }

    /// <summary><c>auto</c>, <c>header</c> or <c>off</c>: where fields of view are looked for. Runs of older programs had none.</summary>
    public string FieldOfView { get; init; } = "off";

    /// <summary><c>whole</c> or <c>auto</c>: whether the hips of a pelvis were judged one by one.</summary>
    public string Regions { get; init; } = "whole";

    /// <summary>Files above this many bytes get a row <see cref="Reason.TooLarge"/>.</summary>
    public required long MaxFilmBytes { get; init; }

    /// <summary>JPEG 2000 was decoded at full resolution, also where the network is given far less.</summary>
    public bool ExactDecode { get; init; }

    /// <summary>Films that need one of the system's codec libraries were decoded; where those run changes no row.</summary>
    public bool NativeCodecs { get; init; } = true;
}
