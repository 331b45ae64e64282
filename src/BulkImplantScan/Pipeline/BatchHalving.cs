using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>Where a batch does not fit into a device's memory, half of one may.</summary>
internal static class BatchHalving
{
    /// <summary>Opens a device; when its memory is too small for a batch, once more with half of it, and the device says so.</summary>
    /// <param name="batchSize">Films a batch.</param>
    /// <param name="open">Opens the device for batches of so many films, and has freed all of it when it throws.</param>
    /// <remarks>Once: a device that cannot hold half of what was asked for is in use by others, and the next film would end the run.</remarks>
    public static T Open<T>(int batchSize, Func<int, T> open) where T : ComputeDevice
    {
        try
        {
            return open(batchSize);
        }
        catch (Exception e) when (batchSize > 1 && DeviceFault.IsOutOfMemory(e))
        {
        }

        var device = open(batchSize / 2);
        device.Note($"{device.Description} has no memory for batches of {batchSize}: batches of {batchSize / 2}");
        return device;
    }
}
