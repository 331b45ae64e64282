using System.Diagnostics;
using BulkImplantScan.Pipeline;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>Milliseconds that work takes on a device's stream.</summary>
/// <remarks>On CUDA by events around many times the same work, so that it counts neither the launch of the first nor the wait of the host. On
/// ILGPU's CPU accelerator, which has no events, by the clock of the host around a wait.</remarks>
internal sealed class DeviceClock(IlgpuDevice device, double seconds)
{
    private const int Runs = 5;
    private const int MostRepeats = 1000;

    /// <summary>The median of five runs.</summary>
    /// <param name="stream">That <paramref name="work"/> queues on.</param>
    /// <param name="work">Queues; called again and again.</param>
    public double Milliseconds(AcceleratorStream stream, Action work) => Median(repeats => Time(stream, work, repeats));

    /// <summary>The same for work of the calling thread, which is done when it returns.</summary>
    public double HostMilliseconds(Action work) => Median(repeats =>
    {
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++) work();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    });

    private double Median(Func<int, double> time)
    {
        time(1); // compiled, memory touched
        var repeats = (int)Math.Clamp(seconds * 1000 / Runs / Math.Max(time(1), 1e-3), 1, MostRepeats);
        var times = new double[Runs];
        for (var run = 0; run < Runs; run++) times[run] = time(repeats) / repeats;
        Array.Sort(times);
        return times[Runs / 2];
    }

    private double Time(AcceleratorStream stream, Action work, int repeats) => device.Run(() =>
    {
        stream.Synchronize();
        if (stream is not CudaStream cuda)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < repeats; i++) work();
            stream.Synchronize();
            return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }

        var api = CudaAPI.CurrentAPI;
        CudaException.ThrowIfFailed(api.CreateEvent(out var begin, CudaEventFlags.CU_EVENT_DEFAULT));
        CudaException.ThrowIfFailed(api.CreateEvent(out var end, CudaEventFlags.CU_EVENT_DEFAULT));
        CudaException.ThrowIfFailed(api.RecordEvent(begin, cuda.StreamPtr));
        for (var i = 0; i < repeats; i++) work();
        CudaException.ThrowIfFailed(api.RecordEvent(end, cuda.StreamPtr));
        stream.Synchronize();
        CudaException.ThrowIfFailed(api.ElapsedTime(out var milliseconds, begin, end));
        CudaException.ThrowIfFailed(api.DestroyEvent(begin));
        CudaException.ThrowIfFailed(api.DestroyEvent(end));
        return milliseconds;
    });
}
