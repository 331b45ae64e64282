namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>What <c>gpu-ladder --json</c> writes; times are of one batch on the device, in milliseconds.</summary>
internal sealed record LadderFigures
{
    public required string Device { get; init; }

    /// <summary>ILGPU's CPU accelerator: no figure here says anything of speed.</summary>
    public required bool IsEmulator { get; init; }

    /// <summary>Kernels and network share a context, and so the buffers.</summary>
    public required bool SharesContext { get; init; }

    public required string Model { get; init; }

    public required string Precision { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Films that were staged: fewer than the batch size where their memory ends first.</summary>
    public required int FilmsInBatch { get; init; }

    public required int Slots { get; init; }

    public required int FilmRows { get; init; }

    public required int FilmColumns { get; init; }

    /// <summary>Of a film as it is stored.</summary>
    public required long FilmBytes { get; init; }

    /// <summary>That go up with a batch: films, tables and descriptors.</summary>
    public required long UploadBytes { get; init; }

    public required IReadOnlyList<LadderRung> Rungs { get; init; }

    /// <summary>Time to copy the films of a batch to page-locked memory, by all threads that are free: the host's part, not the device's.</summary>
    public required double StageMs { get; init; }

    /// <summary>The same, each film copied before the next begins: what staging by one thread would be.</summary>
    public required double OneThreadStageMs { get; init; }

    public required double UploadMs { get; init; }

    public required double PreprocessMs { get; init; }

    /// <summary>The network without Grad-CAM; null where it cannot be had alone.</summary>
    public required double? BareNetworkMs { get; init; }

    /// <summary>The same, run in ways that a scan does not take; empty where there is no CUDA device.</summary>
    public IReadOnlyList<VariantFigures> Variants { get; init; } = [];

    /// <summary>The network as it is in a scan, with feature maps and gradients among its outputs.</summary>
    public required double NetworkMs { get; init; }

    /// <summary>Grad-CAM kernels, and the results on their way back.</summary>
    public required double GradCamMs { get; init; }

    /// <summary>Feature maps and gradients that Grad-CAM reads of a batch.</summary>
    public required long GradCamBytes { get; init; }

    /// <summary>Time on the compute stream that Grad-CAM adds, over that of preprocessing and bare network: what every film pays for
    /// its explanation where the device limits.</summary>
    public double? GradCamShare => BareNetworkMs is { } bare ? (NetworkMs - bare + GradCamMs) / (PreprocessMs + bare) : null;

    public double StageBytesPerSecond => UploadBytes / StageMs * 1000;

    public double OneThreadStageBytesPerSecond => UploadBytes / OneThreadStageMs * 1000;

    public double UploadBytesPerSecond => UploadBytes / UploadMs * 1000;

    public double PreprocessBytesPerSecond => UploadBytes / PreprocessMs * 1000;

    public double GradCamBytesPerSecond => GradCamBytes / GradCamMs * 1000;
}
