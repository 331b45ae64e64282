using ILGPU.Runtime;

namespace BulkImplantScan.Pipeline;

/// <summary>Streams of the lanes that decode on a device, beside those of its batches: a bus carries both ways at once.</summary>
internal sealed class DecodeStreams(Accelerator accelerator) : IDisposable
{
    /// <summary>Coded bytes on their way to the device.</summary>
    public AcceleratorStream Up { get; } = accelerator.CreateStream();

    /// <summary>The kernels: one batch at a time, since they share memory.</summary>
    public AcceleratorStream Decode { get; } = accelerator.CreateStream();

    /// <summary>Pixels on their way back.</summary>
    public AcceleratorStream Down { get; } = accelerator.CreateStream();

    /// <inheritdoc/>
    public void Dispose()
    {
        Up.Dispose();
        Decode.Dispose();
        Down.Dispose();
    }
}
