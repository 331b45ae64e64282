using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Inference;

/// <summary>ONNX Runtime's context beside ILGPU's, for where ILGPU cannot be moved into it (<see cref="CudaPrimaryContext"/>).</summary>
/// <remarks>A pointer of one context means nothing in a kernel of the other: what passes between kernels and network is copied on the device, once
/// a batch, and events of each stream hold up the other. Nothing goes through the host. For the device's thread only, on which ILGPU's context is
/// current before and after each call.</remarks>
internal sealed class CudaSeparateContext : IDisposable
{
    private readonly nint _own;
    private readonly int _device;
    private readonly nint _primary;
    private readonly nint _stream;

    /// <summary>Retains the device's primary context and makes a stream in it.</summary>
    /// <exception cref="CudaErrorException">The driver refuses.</exception>
    public CudaSeparateContext(CudaAccelerator accelerator)
    {
        (_own, _device) = (accelerator.NativePtr, accelerator.DeviceId);
        CudaErrorException.ThrowIfFailed("cuDevicePrimaryCtxRetain", CudaDriver.RetainPrimary(out _primary, _device));
        _stream = In(() =>
        {
            CudaErrorException.ThrowIfFailed("cuStreamCreate", CudaDriver.CreateStream(out var stream, (uint)StreamFlags.CU_STREAM_NON_BLOCKING));
            return stream;
        });
    }

    /// <summary>What ONNX Runtime computes on.</summary>
    public nint Stream => _stream;

    /// <summary>Memory of the network for one batch, in the primary context.</summary>
    /// <param name="kernels">The same in ILGPU's.</param>
    /// <param name="floats">Lengths of input, logits, feature maps and gradients.</param>
    public Copies Allocate(NetworkBuffers kernels, (long Input, long Logits, long FeatureMaps, long Gradients) floats) => new(this, kernels, floats);

    /// <summary>Does something while the primary context is current.</summary>
    public T In<T>(Func<T> work)
    {
        CudaErrorException.ThrowIfFailed("cuCtxSetCurrent", CudaDriver.SetCurrent(_primary));
        try
        {
            return work();
        }
        finally
        {
            // ONNX Runtime makes the primary context current on its own account, and ILGPU would not notice.
            CudaErrorException.ThrowIfFailed("cuCtxSetCurrent", CudaDriver.SetCurrent(_own));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        In(() => CudaDriver.DestroyStream(_stream));
        _ = CudaDriver.ReleasePrimary(_device);
    }

    /// <summary>A batch's memory in the primary context.</summary>
    internal sealed class Copies : IDisposable
    {
        private readonly CudaSeparateContext _context;
        private readonly (nint Kernel, nint Network, long Bytes)[] _tensors; // the input first
        private readonly nint _computed;

        internal Copies(CudaSeparateContext context, NetworkBuffers kernels, (long Input, long Logits, long FeatureMaps, long Gradients) floats)
        {
            _context = context;
            (_tensors, _computed) = context.In<((nint, nint, long)[], nint)>(() =>
            {
                CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.CreateEvent(out var computed, CudaEventFlags.CU_EVENT_DISABLE_TIMING));
                return ([Of(kernels.Input, floats.Input), Of(kernels.Logits, floats.Logits), Of(kernels.FeatureMaps, floats.FeatureMaps), Of(kernels.Gradients, floats.Gradients)], computed);
            });

            static (nint, nint, long) Of(nint kernel, long count)
            {
                CudaErrorException.ThrowIfFailed("cuMemAlloc", CudaDriver.Allocate(out var network, checked((nuint)(count * sizeof(float)))));
                return (kernel, network, count * sizeof(float));
            }
        }

        /// <summary>What the network is bound to.</summary>
        public NetworkBuffers Network => new(_tensors[0].Network, _tensors[1].Network, _tensors[2].Network, _tensors[3].Network, NetworkMemory.Cuda);

        /// <summary>Queues: wait for the kernels, input over, network, results back; and makes the kernels wait for that.</summary>
        /// <param name="compute">Stream of the kernels.</param>
        /// <param name="preprocessed">An event of that stream to record.</param>
        /// <param name="network">Queues the network on <see cref="Stream"/>.</param>
        public void Run(AcceleratorStream compute, DeviceEvent preprocessed, Action network)
        {
            preprocessed.Record(compute);
            _context.In(() =>
            {
                preprocessed.Delay(_context._stream);
                Copy(_tensors[0].Network, _context._primary, _tensors[0].Kernel, _context._own, _tensors[0].Bytes);
                network();
                foreach (var (kernel, result, bytes) in _tensors.AsSpan(1)) Copy(kernel, _context._own, result, _context._primary, bytes);
                CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.RecordEvent(_computed, _context._stream));
                return true;
            });
            CudaErrorException.ThrowIfFailed("cuStreamWaitEvent", CudaDriver.WaitEvent(((CudaStream)compute).StreamPtr, _computed, 0));
        }

        /// <inheritdoc/>
        public void Dispose() => _context.In(() =>
        {
            foreach (var (_, network, _) in _tensors) _ = CudaDriver.Free(network);
            return CudaAPI.CurrentAPI.DestroyEvent(_computed);
        });

        private void Copy(nint target, nint targetContext, nint source, nint sourceContext, long bytes) => CudaErrorException.ThrowIfFailed(
            "cuMemcpyPeerAsync", CudaDriver.CopyPeer(target, targetContext, source, sourceContext, (nuint)bytes, _context._stream));
    }
}
