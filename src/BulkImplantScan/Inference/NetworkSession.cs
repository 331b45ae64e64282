using System.Globalization;
using BulkImplantScan.Explanation;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BulkImplantScan.Inference;

/// <summary>A model package loaded on one device for one batch size.</summary>
/// <remarks>The batch is fixed (a short one is padded by the caller), for three reasons: a film is computed in the same way
/// whatever its neighbours, shape arithmetic folds into constants (the CUDA provider would send it to the CPU), and nothing
/// is tuned anew for another shape.</remarks>
public sealed class NetworkSession : IDisposable
{
    /// <summary>Largest batch.</summary>
    public const int MaximumBatchSize = 1024;

    private const long MaximumChannels = 16384;
    private const long MaximumCells = 1024;
    private const long MaximumTensorBytes = int.MaxValue;

    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly OrtMemoryInfo _memory;
    private readonly bool _usesCudaGraph;
    private int _bindings;

    /// <summary>Loads a package for the CPU.</summary>
    /// <param name="package">From <see cref="ModelPackage.Load"/>.</param>
    /// <param name="batchSize">N, 1 to <see cref="MaximumBatchSize"/>.</param>
    /// <param name="threads">Threads that share one batch, at least 1.</param>
    /// <exception cref="ModelPackageException">ONNX Runtime refuses the model, or its shapes do not fit model.json.</exception>
    public NetworkSession(ModelPackage package, int batchSize, int threads)
        : this(package, batchSize, CpuOptions(threads), NetworkMemory.Cpu, OrtMemoryInfo.DefaultInstance, usesCudaGraph: false)
    {
    }

    private NetworkSession(
        ModelPackage package, int batchSize, SessionOptions options, NetworkMemory memoryKind, OrtMemoryInfo memory, bool usesCudaGraph)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, MaximumBatchSize);
        Package = package;
        Precision = package.Precision;
        BatchSize = batchSize;
        MemoryKind = memoryKind;
        _memory = memory;
        _usesCudaGraph = usesCudaGraph;
        _options = options;
        options.AddFreeDimensionOverrideByName(OnnxGraph.BatchSymbol, batchSize);
        try
        {
            _session = new(package.ReadModel(), options);
        }
        catch (OnnxRuntimeException e)
        {
            Release();
            if (package.Precision == NetworkPrecision.Fp16 && memoryKind == NetworkMemory.Cpu)
            {
                throw new ModelPackageException(
                    $"ONNX Runtime's CPU provider cannot run the fp16 model of {package.Folder} (it has few fp16 kernels): use a CUDA device, or the fp32 package that it is the twin of. It says: {e.Message}", e);
            }

            throw new ModelPackageException($"ONNX Runtime cannot load the model of {package.Folder}: {e.Message}", e);
        }
        catch
        {
            Release();
            throw;
        }

        try
        {
            FeatureMapShape = CheckShapes();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The package that was loaded.</summary>
    public ModelPackage Package { get; }

    /// <summary>N.</summary>
    public int BatchSize { get; }

    /// <summary>Columns of the logits.</summary>
    public int ClassCount => Package.Classes.Count;

    /// <summary>Arithmetic.</summary>
    public NetworkPrecision Precision { get; private init; }

    /// <summary>Nodes that a CUDA session computes on the CPU, by name: each waits, and copies.</summary>
    public IReadOnlyList<string> NodesOnCpu { get; private set; } = [];

    /// <summary>K, h and w of the feature maps and gradients.</summary>
    public FeatureMapShape FeatureMapShape { get; }

    /// <summary>Memory that <see cref="Bind"/> takes.</summary>
    public NetworkMemory MemoryKind { get; }

    /// <summary>Loads a package for a CUDA device, on a stream of the caller.</summary>
    /// <param name="package">From <see cref="ModelPackage.Load"/>.</param>
    /// <param name="batchSize">N, 1 to <see cref="MaximumBatchSize"/>.</param>
    /// <param name="deviceId">CUDA ordinal.</param>
    /// <param name="stream">CUstream of the device's primary context; outlives the session.</param>
    /// <param name="settings">Precision and whether batches are CUDA graphs.</param>
    /// <exception cref="ModelPackageException">As for the CPU, but a node without a CUDA kernel runs on the CPU (<see cref="NodesOnCpu"/>).</exception>
    /// <exception cref="PlatformNotSupportedException">ONNX Runtime has no CUDA provider here, it does not take the stream, or a
    /// node has no CUDA kernel and the settings are strict.</exception>
    public static NetworkSession OnCuda(ModelPackage package, int batchSize, int deviceId, nint stream, NetworkSettings settings)
    {
        var precision = settings.PrecisionFor(package);
        try
        {
            return Load(mayUseCpu: false);
        }
        catch (ModelPackageException e) when (e.InnerException is OnnxRuntimeException { Message: var message } && message.Contains("fallback to CPU EP", StringComparison.OrdinalIgnoreCase))
        {
            using var options = CudaOptions(deviceId, stream, precision, useCudaGraph: false, mayUseCpu: true);
            options.AddFreeDimensionOverrideByName(OnnxGraph.BatchSymbol, batchSize);
            var input = package.Input;
            var nodes = NodePlacement.Find(
                options, package.ReadModel(), "CUDAExecutionProvider", package.Tensors.Input, [batchSize, input.Channels, input.Height, input.Width]);
            if (settings.IsStrict)
                throw new PlatformNotSupportedException($"With --strict-device all of the network must run on cuda:{deviceId}, but these nodes have no CUDA kernel: {string.Join(", ", nodes)}.", e);
            var session = Load(mayUseCpu: true);
            session.NodesOnCpu = nodes;
            return session;
        }

        NetworkSession Load(bool mayUseCpu) => new(
            package, batchSize, CudaOptions(deviceId, stream, precision, settings.UseCudaGraph && !mayUseCpu, mayUseCpu), NetworkMemory.Cuda,
            new("Cuda", OrtAllocatorType.DeviceAllocator, deviceId, OrtMemType.Default), settings.UseCudaGraph && !mayUseCpu)
        {
            Precision = precision,
        };
    }

    /// <summary>Ties inputs and outputs to memory; done once per set of buffers, not per batch.</summary>
    /// <exception cref="ArgumentException">An address is null, or the memory is of another kind than the session's.</exception>
    public BoundBatch Bind(NetworkBuffers buffers)
    {
        if (buffers.Memory != MemoryKind)
            throw new ArgumentException($"the session runs on {MemoryKind} memory, the buffers are {buffers.Memory}", nameof(buffers));
        if (buffers.Input == 0 || buffers.Logits == 0 || buffers.FeatureMaps == 0 || buffers.Gradients == 0)
            throw new ArgumentException("an address is null", nameof(buffers));

        var (input, tensors) = (Package.Input, Package.Tensors);
        long[] maps = [BatchSize, FeatureMapShape.Channels, FeatureMapShape.Height, FeatureMapShape.Width];
        return new(
            _session,
            RunOptionsOfBinding(),
            _memory,
            [
                new(tensors.Input, true, buffers.Input, [BatchSize, input.Channels, input.Height, input.Width]),
                new(tensors.Logits, false, buffers.Logits, [BatchSize, ClassCount]),
                new(tensors.FeatureMaps, false, buffers.FeatureMaps, maps),
                new(tensors.Gradients, false, buffers.Gradients, maps),
            ]);
    }

    /// <summary>Unloads the network; bindings are disposed before.</summary>
    public void Dispose()
    {
        _session.Dispose();
        Release();
    }

    private RunOptions RunOptionsOfBinding()
    {
        var options = new RunOptions();
        var binding = Interlocked.Increment(ref _bindings);

        // Queue only: whoever reads the outputs waits for the stream.
        if (MemoryKind == NetworkMemory.Cuda) options.AddRunConfigEntry("disable_synchronize_execution_providers", "1");

        // A graph has the addresses of one set of buffers in it.
        if (_usesCudaGraph) options.AddRunConfigEntry("gpu_graph_id", binding.ToString(CultureInfo.InvariantCulture));
        return options;
    }

    private void Release()
    {
        _options.Dispose();
        if (MemoryKind == NetworkMemory.Cuda) _memory.Dispose(); // the CPU's is a constant of ONNX Runtime
    }

    /// <summary>How ONNX Runtime is told of the processor; benchmarks load networks without Grad-CAM with the same options.</summary>
    internal static SessionOptions CpuOptions(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var options = Options();
        options.IntraOpNumThreads = threads;

        // Decoding runs on the same cores: a thread that spins for work takes it away from a film.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /// <summary>The one place that knows how ONNX Runtime is told of CUDA; <paramref name="tuned"/>, which benchmarks try, overrides it.</summary>
    internal static SessionOptions CudaOptions(
        int deviceId, nint stream, NetworkPrecision precision, bool useCudaGraph, bool mayUseCpu, IReadOnlyDictionary<string, string>? tuned = null)
    {
        _ = OrtEnv.Instance(); // before the first option, or errors hide behind a missing logger
        var options = Options();
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            var address = stream.ToString(CultureInfo.InvariantCulture);
            var told = new Dictionary<string, string>
            {
                ["device_id"] = deviceId.ToString(CultureInfo.InvariantCulture),

                // Both keys in one call: the address alone is dropped without a word.
                ["has_user_compute_stream"] = "1",
                ["user_compute_stream"] = address,
                ["use_tf32"] = precision == NetworkPrecision.Tf32 ? "1" : "0", // on unless said otherwise
                ["enable_cuda_graph"] = useCudaGraph ? "1" : "0",
                ["cudnn_conv_algo_search"] = "HEURISTIC",
            };
            foreach (var (key, value) in tuned ?? new Dictionary<string, string>()) told[key] = value;
            cuda.UpdateOptions(told);
            if (!cuda.GetOptions().Contains($"user_compute_stream={address}", StringComparison.Ordinal))
                throw new PlatformNotSupportedException("ONNX Runtime's CUDA provider did not take the stream; results would race.");
            options.AppendExecutionProvider_CUDA(cuda);

            // A node on the CPU would copy through the host in silence.
            if (!mayUseCpu) options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            return options;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            options.Dispose();
            throw new PlatformNotSupportedException($"ONNX Runtime has no working CUDA provider here: {e.Message}", e);
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static SessionOptions Options() => new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    private FeatureMapShape CheckShapes()
    {
        var (input, tensors) = (Package.Input, Package.Tensors);
        Require(_session.InputMetadata, "input", tensors.Input, [BatchSize, input.Channels, input.Height, input.Width]);
        Require(_session.OutputMetadata, "output", tensors.Logits, [BatchSize, ClassCount]);
        var maps = Require(_session.OutputMetadata, "output", tensors.FeatureMaps, [BatchSize, -1, -1, -1]);
        Require(_session.OutputMetadata, "output", tensors.Gradients, [BatchSize, maps[1], maps[2], maps[3]]);
        if (_session.InputMetadata.Count != 1)
            throw Misfit($"has {_session.InputMetadata.Count} inputs; it must have one");
        if (maps[1] is < 1 or > (int)MaximumChannels || maps[2] is < 1 or > (int)MaximumCells || maps[3] is < 1 or > (int)MaximumCells)
            throw Misfit($"has feature maps of {maps[1]} × {maps[2]} × {maps[3]}; the limit is {MaximumChannels} × {MaximumCells} × {MaximumCells}, and none may be open");
        if ((long)BatchSize * Math.Max((long)maps[1] * maps[2] * maps[3], input.FilmLength) * sizeof(float) > MaximumTensorBytes)
            throw Misfit($"needs tensors above {MaximumTensorBytes} bytes at batch size {BatchSize}; choose a smaller one");
        return new(maps[1], maps[2], maps[3]);
    }

    /// <summary>Shape of a tensor that must be there, be fp32, and have these extents (−1: any).</summary>
    private int[] Require(IReadOnlyDictionary<string, NodeMetadata> all, string kind, string name, int[] expected)
    {
        if (!all.TryGetValue(name, out var found))
            throw Misfit($"has no {kind} \"{name}\"; it has {string.Join(", ", all.Keys.Take(8).Select(key => $"\"{key}\""))}");
        if (!found.IsTensor || found.ElementDataType != TensorElementType.Float)
            throw Misfit($"has {kind} \"{name}\" that is not a tensor of 32-bit floats");
        var shape = found.Dimensions;
        var fits = shape.Length == expected.Length;
        for (var d = 0; fits && d < shape.Length; d++) fits = expected[d] == -1 || shape[d] == expected[d];
        return fits
            ? shape
            : throw Misfit($"has {kind} \"{name}\" of shape [{Text(found)}], but model.json and the batch ask for [{string.Join(", ", expected.Select(e => e == -1 ? "any" : $"{e}"))}] (the first extent must be the symbol {OnnxGraph.BatchSymbol})");
    }

    private static string Text(NodeMetadata node) => string.Join(
        ", ", node.Dimensions.Select((extent, d) => extent >= 0 ? $"{extent}" : d < node.SymbolicDimensions.Length && node.SymbolicDimensions[d] is { Length: > 0 } symbol ? symbol : "?"));

    private ModelPackageException Misfit(string what) => new($"The model of {Package.Folder} {what}.");
}
