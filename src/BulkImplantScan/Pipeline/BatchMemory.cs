using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>As much memory for the films of a batch as a device has.</summary>
internal static class BatchMemory
{
    private const long Least = 1L << 30, Largest = 4L << 30;

    /// <summary>Films of a batch together, in bytes at most: 256 films of 10 MB where a device and its host have memory in plenty, and three batches
    /// in flight never more than a tenth of the host's or a fifth of the device's; a gibibyte in any case.</summary>
    /// <param name="deviceBytes">Memory of the device.</param>
    /// <param name="hostBytes">Memory of the host, where as much is locked.</param>
    public static long LargestSlab(long deviceBytes, long hostBytes) => Math.Clamp(Math.Min(deviceBytes / 16, hostBytes / 32), Least, Largest);

    /// <summary>Halves what is wanted until the device has it.</summary>
    /// <param name="wanted">Bytes of a whole batch.</param>
    /// <param name="least">Bytes of a batch of one film.</param>
    /// <param name="allocate">Allocates, and has freed all of it when it throws.</param>
    /// <param name="got">Bytes that were allocated, from <paramref name="least"/> to <paramref name="wanted"/>.</param>
    /// <remarks>The network's batch stays what it is, places without a film are zeros: so rows do not change.</remarks>
    public static T Most<T>(long wanted, long least, Func<long, T> allocate, out long got)
    {
        for (got = wanted; ; got = Math.Max(got / 2, least))
        {
            try
            {
                return allocate(got);
            }
            catch (Exception e) when (got > least && DeviceFault.IsOutOfMemory(e))
            {
            }
        }
    }
}
