using System.Diagnostics;
using BulkImplantScan.Decoder;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>What ends a decoder process, and what does not.</summary>
public sealed class DecoderProcessLifeTests
{
    [Fact]
    public void Signals_that_stop_the_scanner_leave_its_decoders_to_what_is_in_flight()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/kill"), "needs kill");
        using var process = DecoderProcess.Start(new() { AllowSabotage = true });
        using var watched = Process.GetProcessById(process.Id);
        Stop(process.Id);
        Assert.False(watched.WaitForExit(1000));
        Assert.Equal(default, process.Decode(CodecFormat.Sabotage, default, default, 0, 60_000, [], out _));

        // At work: seen to compute, signalled, seen to live on, then ended by what nothing can ignore.
        var lived = false;
        var other = new Thread(() =>
        {
            SpinWait.SpinUntil(() => watched.HasExited || IsComputing(watched));
            Stop(process.Id);
            lived = !watched.WaitForExit(1000);
            watched.Kill();
        });
        other.Start();
        var shape = new FrameShape((int)Sabotage.Hang, 1, 1, 1, 0);
        var fault = process.Decode(CodecFormat.Sabotage, default, shape, 0, 300_000, new byte[shape.Bytes], out _);
        other.Join();
        Assert.True(lived);
        Assert.Equal(new CodecResult(Reason.DecoderCrashed, 0, "signal 9"), fault);
    }

    [Fact]
    public void A_process_that_holds_the_memory_of_a_huge_film_is_not_used_again()
    {
        NativeLibraries.Require("openjpeg");
        using var process = DecoderProcess.Start(new());

        // No stream: no memory but addresses is taken on either side.
        Assert.Equal(default, process.Decode(CodecFormat.Jpeg2000, default, new(1000, 1000, 1, 1, 0), 1 << 30, 60_000, default, out _));
        Assert.True(process.IsUsable);
        Assert.Equal(default, process.Decode(CodecFormat.Jpeg2000, default, new(17_000, 17_000, 1, 1, 0), 1 << 30, 60_000, default, out _));
        Assert.False(process.IsUsable);
        Assert.Null(process.LastWords);
    }

    private static void Stop(int id)
    {
        foreach (var signal in (string[])["-INT", "-TERM"])
        {
            using var kill = Process.Start("/usr/bin/kill", [signal, $"{id}"]);
            kill.WaitForExit();
        }
    }

    private static bool IsComputing(Process process)
    {
        process.Refresh();
        return !process.HasExited && process.TotalProcessorTime > TimeSpan.FromSeconds(1);
    }
}
