using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary>CPU devices stand in for several GPUs: one line of stages each, over chunks of its own.</summary>
public sealed class SeveralDevicesTests(SmallArchive archive) : IClassFixture<SmallArchive>
{
    private static readonly ScanOptions Options = new() { DecodeWorkers = 2, Explain = ExplainPolicy.None };

    [Fact]
    public async Task Three_devices_write_the_parts_that_one_writes_byte_for_byte()
    {
        var one = await archive.IndexAsync("one", chunkFilms: 4);
        await archive.ScanAsync(one);
        var three = await archive.IndexAsync("three", chunkFilms: 4);
        using var first = Device();
        using var second = Device();
        using var third = Device();
        Assert.True((await archive.ScanOnAsync(three, [first, second, third], Options)).IsComplete);
        Assert.Equal(SmallArchive.PartHashes(one), SmallArchive.PartHashes(three));
    }

    [Fact]
    public async Task Each_device_gets_chunks_and_none_of_them_twice()
    {
        var run = await archive.IndexAsync("shared", chunkFilms: 1);
        int[] films = [0, 0];

        // Each waits at its first batch for the other: one device alone would wait for ever, and fail.
        using var both = new Barrier(2);
        bool[] met = [false, false];
        using var first = Counting(0);
        using var second = Counting(1);
        Assert.True((await archive.ScanOnAsync(run, [first, second], Options)).IsComplete);
        Assert.All(films, count => Assert.True(count > 0));
        var rows = SmallArchive.Rows(run);
        Assert.Equal(SmallArchive.Films + SmallArchive.Broken, rows.Length);
        Assert.Equal(films.Sum(), rows.Count(row => row.Status is FilmStatus.Identified or FilmStatus.Abstained or FilmStatus.None));

        WrappedDevice Counting(int number) => new(Device(), slot => new Slot(slot, () =>
        {
            Interlocked.Add(ref films[number], slot.Count);
            if (met[number]) return;
            met[number] = true;
            Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1)), "the other device has nothing to do");
        }));
    }

    [Fact]
    public async Task A_device_that_fails_ends_the_scan_with_what_to_do_and_the_next_scan_completes_the_run()
    {
        var run = await archive.IndexAsync("lost", chunkFilms: 2);

        // The sound one waits for the other, or it might have done all chunks before that one had begun.
        using var isLost = new ManualResetEventSlim();
        using var sound = new WrappedDevice(Device(), slot => new Slot(slot, () => Assert.True(isLost.Wait(TimeSpan.FromMinutes(1)), "the other device has nothing to do")));
        using var lost = new WrappedDevice(Device(), slot => new Slot(slot, () =>
        {
            isLost.Set();
            throw new DeviceLostException(TimeSpan.FromMinutes(2));
        }));
        var fault = await Assert.ThrowsAsync<ScanFaultException>(() => archive.ScanOnAsync(run, [sound, lost], Options));
        Assert.Equal("infer", fault.Stage);
        Assert.Contains("did not finish a batch within 120 s", fault.Message, StringComparison.Ordinal);
        Assert.Contains("finished parts stay", fault.Message, StringComparison.Ordinal);
        var parts = SmallArchive.PartHashes(run);
        Assert.True((await archive.ScanAsync(run)).IsComplete);
        Assert.Subset(SmallArchive.PartHashes(run).ToHashSet(), parts.ToHashSet());
    }

    [Fact]
    public async Task Devices_of_two_kinds_are_refused()
    {
        var run = await archive.IndexAsync("kinds");
        using var cpu = Device();
        using var other = new OtherKind(Device());
        await Assert.ThrowsAsync<InvalidOperationException>(() => archive.ScanOnAsync(run, [cpu, other], Options));
        Assert.False(Directory.Exists(run.PartsPath));
    }

    private CpuDevice Device() => new(archive.Model, 4, threads: 1);

    private sealed class Slot(BatchSlot slot, Action infer) : WrappedSlot(slot)
    {
        public override void Infer()
        {
            infer();
            base.Infer();
        }
    }

    private sealed class OtherKind(ComputeDevice device) : ComputeDevice
    {
        public override string Kind => "cuda";

        public override NetworkPrecision Precision => device.Precision;

        public override string Description => device.Description;

        public override int BatchSize => device.BatchSize;

        public override FeatureMapShape FeatureMapShape => device.FeatureMapShape;

        public override void Dispose() => device.Dispose();

        internal override BatchSlot CreateSlot() => device.CreateSlot();
    }
}
