namespace BulkImplantScan.Inference;

/// <summary>How a network is to run on a device.</summary>
public sealed record NetworkSettings
{
    /// <summary>Arithmetic; null for that of the package.</summary>
    public NetworkPrecision? Precision { get; init; }

    /// <summary>CUDA only: record the kernels of a batch once per set of buffers and launch them as one graph from then on.</summary>
    /// <remarks>Off unless asked for. All runs of a session must come from one long-lived thread: ONNX Runtime keeps graphs per thread
    /// and records anew on another, and a record fails while any thread allocates device memory or loads a kernel.</remarks>
    public bool UseCudaGraph { get; init; }

    /// <summary>CUDA only: a node of the network that has no kernel on the device is an error; else it runs on the CPU, and is named.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What a package runs in with these settings.</summary>
    /// <param name="package">Says what its weights are.</param>
    /// <exception cref="ModelPackageException">The package is of another precision than asked for.</exception>
    public NetworkPrecision PrecisionFor(ModelPackage package)
    {
        if (Precision is not { } asked) return package.Precision;
        if (asked == NetworkPrecision.Fp16 && package.Precision != NetworkPrecision.Fp16)
            throw new ModelPackageException($"{package.Folder} is an fp32 model. For fp16, make its twin first: ./run.sh model half {package.Folder} --out {package.Folder}-fp16");
        if (asked != NetworkPrecision.Fp16 && package.Precision == NetworkPrecision.Fp16)
            throw new ModelPackageException($"{package.Folder} is an fp16 model; it cannot run in {asked.Word()}. Name the package that it is the twin of.");
        return asked;
    }
}
