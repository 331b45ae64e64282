using System.Globalization;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary><c>gpu-probe MODEL [--device cpu|cuda:0] [--batch N] [--film RxC] [--precision P] [--slots N] [--seconds S] [--runs N]</c>: do
/// kernels and network work on the same buffers, in the right order, with batches in flight?</summary>
/// <remarks>Each slot has other films. First each alone, with a wait behind each step; then all go round through the scan's steps, no
/// step waiting for the device but the last, and every batch is compared with the first time. A buffer that is not shared, or a stream
/// that runs ahead, shows as answers of another slot or of the batch before. Last, the same films on the processor.</remarks>
internal static class ProbeCommand
{
    private const string Usage = "gpu-probe MODEL [--device cpu|cuda:0] [--batch N] [--film RxC] [--precision P] [--slots N] [--seconds S] [--runs N]";

    // The processor sums in another order; TF32 rounds factors to ten bits.
    private const double LargestFp32 = 1e-3, LargestTf32 = 0.05;

    public static int Run(string[] arguments)
    {
        if (LadderArguments.Parse(arguments, Usage) is not { } asked) return 2;
        using var device = asked.Open();
        Line($"{device.Description}, {device.Precision.Word()}: kernels and network {(device.Separate is null ? "share one context and its buffers" : "have contexts of their own, and copy between them")}");
        var alone = Alone(asked, device, device.Compute.Synchronize);
        var isRight = InFlight(asked, device, alone) && OnProcessor(asked, device, alone);
        Line($"probe {(isRight ? "passed" : "FAILED")}");
        return isRight ? 0 : 1;
    }

    /// <summary>Answers of each slot's films, one slot after the other.</summary>
    private static BatchAnswers[] Alone(LadderArguments asked, ComputeDevice device, Action wait)
    {
        using var films = new LadderFilms(asked.Film, asked.Batch * asked.Slots);
        var answers = new BatchAnswers[asked.Slots];
        for (var i = 0; i < answers.Length; i++)
        {
            using var slot = device.CreateSlot();
            films.Fill(slot);
            slot.Preprocess();
            On(device, wait);
            slot.Infer();
            On(device, wait);
            slot.Explain();
            answers[i] = BatchAnswers.Of(slot);
        }

        return answers;

        static void On(ComputeDevice device, Action wait)
        {
            if (device is IlgpuDevice ilgpu) ilgpu.Run(wait);
        }
    }

    private static bool InFlight(LadderArguments asked, IlgpuDevice device, BatchAnswers[] alone)
    {
        using var films = new LadderFilms(asked.Film, asked.Batch * asked.Slots);
        var slots = new BatchSlot[asked.Slots];
        var (same, batches, largest, map) = (0, 0, 0.0, 0);
        try
        {
            for (var i = 0; i < slots.Length; i++) films.Fill(slots[i] = device.CreateSlot());
            for (var run = 0; run < asked.Runs; run++)
                StepThreads.BatchesPerSecond(slots.Length, [slot => slots[slot].Preprocess(), slot => slots[slot].Infer(), Compare], asked.Seconds);
        }
        finally
        {
            foreach (var slot in slots) slot?.Dispose();
        }

        var between = alone.Length > 1 ? alone[0].LogitsApart(alone[1]) : double.PositiveInfinity;
        Line($"in flight: {same} of {batches} batches the same as alone, bit by bit; largest difference of logits {largest:G3} (between two slots' films {between:G3}), of maps {map}");
        return largest <= Math.Min(LargestFp32, between / 10); // far less than what another slot's films would do

        void Compare(int slot)
        {
            slots[slot].Explain();
            var answers = BatchAnswers.Of(slots[slot]);
            if (answers.IsSame(alone[slot])) same++;
            (batches, largest, map) = (batches + 1, Math.Max(largest, answers.LogitsApart(alone[slot])), Math.Max(map, answers.MapsApart(alone[slot])));
        }
    }

    private static bool OnProcessor(LadderArguments asked, IlgpuDevice device, BatchAnswers[] alone)
    {
        if (device.Precision == NetworkPrecision.Fp16)
        {
            Line($"processor: not compared, it has few fp16 kernels");
            return true;
        }

        using var processor = new CpuDevice(device.Session.Package, asked.Batch, Environment.ProcessorCount);
        var there = Alone(asked, processor, () => { });
        var (logits, maps) = (alone.Zip(there, (a, b) => a.LogitsApart(b)).Max(), alone.Zip(there, (a, b) => a.MapsApart(b)).Max());
        Line($"processor: largest difference of logits {logits:G3}, of maps {maps}");
        return logits <= (device.Precision == NetworkPrecision.Fp32 ? LargestFp32 : LargestTf32);
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
