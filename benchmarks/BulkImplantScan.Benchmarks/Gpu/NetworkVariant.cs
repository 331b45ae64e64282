namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>A way to run the network that a scan does not take: whether it should, only figures of a device can say.</summary>
/// <param name="Name">In tables.</param>
/// <param name="IsGraph">The kernels of a batch are recorded once and launched as one.</param>
/// <param name="Options">Of ONNX Runtime's CUDA provider, in place of the scan's own.</param>
internal sealed record NetworkVariant(string Name, bool IsGraph, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Those that promise something for convolutions of a fixed shape, and two pairs of them.</summary>
    public static IReadOnlyList<NetworkVariant> All { get; } =
    [
        Of("channels last", ("prefer_nhwc", "1")),
        Of("algorithms searched by trial", ("cudnn_conv_algo_search", "EXHAUSTIVE")),
        Of("channels last, algorithms searched by trial", ("prefer_nhwc", "1"), ("cudnn_conv_algo_search", "EXHAUSTIVE")),
        Of("convolution and bias as one", ("fuse_conv_bias", "1")),
        Of("CUDA graph") with { IsGraph = true },
        Of("CUDA graph, channels last", ("prefer_nhwc", "1")) with { IsGraph = true },
    ];

    private static NetworkVariant Of(string name, params (string Key, string Value)[] options) =>
        new(name, IsGraph: false, options.ToDictionary(option => option.Key, option => option.Value, StringComparer.Ordinal));
}
