using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BulkImplantScan.Decoder;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>Decoder processes that are told to misbehave: each time one film pays, with its reason, and the next one decodes.</summary>
[Collection(Alone.Name)] // it kills every idle decoder of this process
public sealed class DecoderProcessTests
{
    [Theory]
    [InlineData(nameof(Sabotage.Crash), Reason.DecoderCrashed, "signal 11")]
    [InlineData(nameof(Sabotage.Hang), Reason.DecoderTimeout, "0 s")]
    [InlineData(nameof(Sabotage.AllocateManaged), Reason.DecoderMemory, null)]
    [InlineData(nameof(Sabotage.Allocate), Reason.DecoderMemory, null)]
    [InlineData(nameof(Sabotage.WriteFile), Reason.DecoderCrashed, "signal 25")] // SIGXFSZ
    [InlineData(nameof(Sabotage.Exit), Reason.DecoderCrashed, "exit code 3")]
    [InlineData(nameof(Sabotage.Half), Reason.DecoderCrashed, "exit code 0")]
    [InlineData(nameof(Sabotage.Garbage), Reason.DecoderCrashed, "its reply is none")]
    [InlineData(nameof(Sabotage.WrongLength), Reason.DecoderCrashed, "its reply is none")]
    [InlineData(nameof(Sabotage.WrongSequence), Reason.DecoderCrashed, "its reply is none")]
    public void A_process_that_misbehaves_costs_one_film_and_is_replaced(string how, Reason reason, string? detail)
    {
        NativeLibraries.Require("openjpeg");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals and limits are told as Linux tells them");
        var what = Enum.Parse<Sabotage>(how);
        var isSlow = what == Sabotage.Hang;
        using var codecs = new NativeCodecs(new()
        {
            AllowSabotage = true,
            FilmTime = isSlow ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromMinutes(5),
            FilmMemoryBytes = 512 << 20,
        });
        using var patient = new NativeCodecs(new() { AllowSabotage = true, FilmTime = TimeSpan.FromMinutes(5) });
        if (!isSlow) Assert.Equal(Reason.None, Film(codecs)); // the process that is to misbehave has worked before
        Assert.Equal(new CodecResult(reason, 0, detail), Tell(codecs, what));
        Assert.Single(codecs.Incidents);
        Assert.Equal(Reason.None, isSlow ? Film(patient) : Film(codecs));
        Assert.Equal(Reason.None, Tell(patient, Sabotage.None).Reason);
        Assert.Single(codecs.Incidents);
    }

    [Fact]
    public void What_a_library_prints_neither_blocks_its_process_nor_ends_in_the_reply()
    {
        using var codecs = new NativeCodecs(new() { AllowSabotage = true });
        for (var i = 0; i < 3; i++) Assert.Equal(Reason.None, Tell(codecs, Sabotage.Chatter).Reason);
        Assert.Empty(codecs.Incidents);
        Tell(codecs, Sabotage.Crash);
        Assert.InRange(codecs.Incidents.Single().Length, 1000, 4000);
    }

    [Fact]
    public void A_decoder_process_starts_nothing_opens_no_socket_and_leaves_no_core()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are confined on Linux only");
        using var codecs = new NativeCodecs(new() { AllowSabotage = true });
        Assert.Equal(default, Tell(codecs, Sabotage.Escape));

        using var process = DecoderProcess.Start(new());
        var status = File.ReadAllLines($"/proc/{process.Id}/status");
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains("Seccomp:\t2", status);
        Assert.Contains(File.ReadAllLines($"/proc/{process.Id}/limits"), line => line.StartsWith("Max core file size        0 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Sabotage_is_no_format_where_a_process_was_not_started_for_it()
    {
        using var codecs = new NativeCodecs(new());
        Assert.Equal(Reason.UnsupportedTransferSyntax, Tell(codecs, Sabotage.Crash).Reason);
        Assert.Empty(codecs.Incidents);
    }

    [Fact]
    public void A_process_killed_from_outside_costs_the_film_it_was_at_and_none_when_it_was_idle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children are found in /proc");
        NativeLibraries.Require("openjpeg");
        using var codecs = new NativeCodecs(new() { AllowSabotage = true, FilmTime = TimeSpan.FromMinutes(5) });
        Assert.Equal(Reason.None, Film(codecs));
        using (var process = DecoderProcess.Start(new() { AllowSabotage = true }))
        {
            // At work: killed while it hangs, from another thread that sees it compute.
            var killer = new Thread(() =>
            {
                using var victim = Process.GetProcessById(process.Id);
                SpinWait.SpinUntil(() => victim.HasExited || IsComputing(victim));
                victim.Kill();
            });
            killer.Start();
            var fault = process.Decode(CodecFormat.Sabotage, default, new((int)Sabotage.Hang, 1, 1, 1, 0), 0, 300_000, new byte[(int)Sabotage.Hang], out _);
            killer.Join();
            Assert.Equal(new CodecResult(Reason.DecoderCrashed, 0, "signal 9"), fault);
            Assert.False(process.IsUsable);
        }

        // Idle: nobody notices.
        foreach (var child in Children())
        {
            child.Kill();
            child.WaitForExit();
        }

        Assert.Equal(Reason.None, Film(codecs));
        Assert.Empty(codecs.Incidents);
    }

    [Fact]
    public void A_process_ends_when_the_scanner_is_killed_also_in_the_middle_of_a_film()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/tail"), "needs a shell and tail");
        var folder = Path.GetDirectoryName(typeof(Request).Assembly.Location)!;
        var request = new Request { Magic = Request.Word, Sequence = 1, Format = CodecFormat.Sabotage, Shape = new((int)Sabotage.Hang, 1, 1, 1, 0) };
        using var temporary = new Results.TemporaryFolder();
        var bytes = temporary["request"];
        File.WriteAllBytes(bytes, MemoryMarshal.AsBytes(new ReadOnlySpan<Request>(in request)).ToArray());

        // The scanner's part is played by tail, which holds the other end of the pipe and does nothing else until it is killed.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"(cat '{bytes}'; echo $BASHPID >&2; exec /usr/bin/tail -f /dev/null) | exec '{Path.Combine(folder, "bis-decoder")}' --sabotage");
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var shell = Process.Start(start)!;
        var hello = new byte[Unsafe.SizeOf<Hello>()];
        shell.StandardOutput.BaseStream.ReadExactly(hello);
        using var decoder = Process.GetProcessById(MemoryMarshal.Read<Hello>(hello).ProcessId);
        SpinWait.SpinUntil(() => decoder.HasExited || IsComputing(decoder));
        Assert.False(decoder.HasExited);

        using var scanner = Process.GetProcessesByName("tail").Single(tail => CommandLine(tail).SequenceEqual((string[])["/usr/bin/tail", "-f", "/dev/null"]) && Parent(tail.Id) is var parent
            && (parent == shell.Id || Parent(parent) == shell.Id || parent == decoder.Id));
        scanner.Kill();
        Assert.True(decoder.WaitForExit(60_000), "the decoder outlived the scanner");
        Assert.True(shell.WaitForExit(60_000));
    }

    [Fact]
    public void Processes_end_with_their_owner()
    {
        NativeLibraries.Require("openjpeg");
        var codecs = new NativeCodecs(new());
        using var process = DecoderProcess.Start(new());
        using var watched = Process.GetProcessById(process.Id);
        process.Dispose();
        Assert.True(watched.WaitForExit(60_000));
        Assert.Equal(Reason.None, Film(codecs));
        codecs.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Film(codecs));
    }

    [Fact]
    public void Shared_memory_without_a_name_and_in_a_file_give_the_same_pixels_and_leave_nothing()
    {
        NativeLibraries.Require("openjpeg");
        var before = Directory.GetFiles(Path.GetTempPath(), "bis-decoder-*");
        var hashes = new List<string?>();
        foreach (var shareFiles in (bool[])[false, true])
        {
            using var codecs = new NativeCodecs(new() { ShareFiles = shareFiles });
            foreach (var file in Films()) hashes.Add(DicomFiles.Decode(file, NativeLibraries.In(codecs)).Sha256);
            Assert.Equal(before, Directory.GetFiles(Path.GetTempPath(), "bis-decoder-*"));
        }

        Assert.Equal(hashes[..(hashes.Count / 2)], hashes[(hashes.Count / 2)..]);
        Assert.DoesNotContain(null, hashes);
    }

    [Fact]
    public void Many_threads_get_each_its_own_film()
    {
        NativeLibraries.Require("openjpeg");
        var films = Films().ToArray();
        var expected = films.Select(film => DicomFiles.Decode(film).Sha256).ToArray();
        using var codecs = new NativeCodecs(new());
        var settings = NativeLibraries.In(codecs);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var film = DicomFiles.Decode(films[i % films.Length], settings);
            Assert.Equal(expected[i % films.Length], film.Sha256);
        });
        Assert.Empty(codecs.Incidents);
    }

    [Fact]
    public void A_program_that_is_no_decoder_is_the_machines_fault_not_a_films()
    {
        Assert.SkipUnless(File.Exists("/bin/true"), "needs /bin/true");
        NativeLibraries.Require("openjpeg");
        foreach (var path in (string[])["/bin/true", "/nowhere/bis-decoder"])
        {
            using var codecs = new NativeCodecs(new() { DecoderPath = path });
            Assert.Contains(path, Assert.Throws<IOException>(() => Film(codecs)).Message, StringComparison.Ordinal);
        }
    }

    private static CodecResult Tell(NativeCodecs codecs, Sabotage what)
    {
        var shape = new FrameShape((int)what, 1, 1, 1, 0);
        return codecs.Decode(CodecFormat.Sabotage, default, shape, 1, new byte[shape.Bytes], out _);
    }

    private static Reason Film(NativeCodecs codecs) => DicomFiles.Decode(Films().First(), NativeLibraries.In(codecs)).Reason;

    private static IEnumerable<byte[]> Films() => OracleFile.Read("native-cases.csv.gz")
        .Where(line => line[0].StartsWith("openjpeg ", StringComparison.Ordinal)).Select(line => Convert.FromBase64String(line[2]));

    private static bool IsComputing(Process process)
    {
        process.Refresh();
        return !process.HasExited && process.TotalProcessorTime > TimeSpan.FromSeconds(1);
    }

    private static List<Process> Children() =>
        [.. Process.GetProcessesByName("bis-decoder").Where(process => Parent(process.Id) == Environment.ProcessId)];

    private static int Parent(int id)
    {
        try
        {
            // pid (name) state parent …
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[] CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
