using System.Diagnostics;
using System.Globalization;

namespace BulkImplantScan.Training;

/// <summary>Finds out, before hours are trained, whether libtorch can be trusted on this processor, and has it use other instructions where not.</summary>
/// <remarks>Met: an AMD EPYC of family 26 in a virtual machine that reports 508 MB of third-level cache to two cores; oneDNN 3.7.1. With AVX-512 the
/// stem in bfloat16 was 41 % off, other convolutions with stride 2 some 20 % in fp32, and memory was overwritten; with AVX2 one of 2 x 2 pixels was
/// 30 % off. Losses fell as if nothing were wrong, and of validation films 4 % were right. Since it may crash, a process of its own tries.</remarks>
internal static class ProcessorCheck
{
    /// <summary>First argument of the process that tries.</summary>
    public const string Verb = "check-processor";

    /// <summary>Newest instructions that oneDNN may use; read when it is first asked for something.</summary>
    internal const string Limit = "ONEDNN_MAX_CPU_ISA";

    private static readonly string[] Older = ["AVX2", "AVX"];
    private const int MostFilms = 16;

    // It takes seconds, and minutes at most where input and batch are as large as can be.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(15);

    /// <summary>To be called before libtorch is loaded.</summary>
    /// <param name="options">The training.</param>
    /// <param name="say">Told when other instructions are used.</param>
    /// <param name="stop">Cancels: what the process that tries says then, says nothing of the processor.</param>
    /// <param name="wrong">What is wrong on this processor, null when nothing is; tests put an answer in its place.</param>
    /// <returns>Why there can be no training here; null when there can.</returns>
    public static string? Settle(TrainingOptions options, Action<string> say, CancellationToken stop, Func<TrainingOptions, string?>? wrong = null)
    {
        if (options.Cuda || options.Calibrate is not null) return null;
        wrong ??= Try;
        if (Wrong() is not { } first) return null;
        if (Environment.GetEnvironmentVariable(Limit) is { Length: > 0 } given)
            return $"libtorch computes convolutions wrongly on this processor with {Limit}={given} ({first}). Leave {Limit} out.";
        foreach (var instructions in Older)
        {
            NativeEnvironment.Set(Limit, instructions, overwrite: true);
            if (Wrong() is not null) continue;
            say($"libtorch computes convolutions wrongly with this processor's newest instructions ({first}): it uses {instructions} here, which is slower ({Limit})");
            return null;
        }

        return $"libtorch computes convolutions wrongly on this processor, also with {Older[^1]} ({first}). Train on another one, or with --device cuda.";

        string? Wrong()
        {
            var found = wrong(options);
            stop.ThrowIfCancellationRequested();
            return found;
        }
    }

    /// <summary>The process that tries: exit code 0 when all is right, else 1 and a line that says what is wrong.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var numbers = new double[arguments.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = double.Parse(arguments[i], CultureInfo.InvariantCulture);
        var (width, wide, side, films, half, threads) = (numbers[0], numbers[1] != 0, (int)numbers[2], (int)numbers[3], numbers[4] != 0, (int)numbers[5]);
        HeapMemory.Keep();
        if (NativeShim.Load(AppContext.BaseDirectory) is not null) return 0; // the training says it
        TorchSharp.torch.set_num_threads(threads);
        var wrong = ConvolutionCheck.Of(TrainingRun.Architecture(width, wide), 1, half ? [side, side / 2] : [side], films, ResidualModule.IsBfloat16Fast);
        if (wrong is null) return 0;
        Console.WriteLine(wrong);
        return 1;
    }

    private static string? Try(TrainingOptions options)
    {
        var program = typeof(ProcessorCheck).Assembly.Location;
        var isOwn = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Path.GetFileNameWithoutExtension(program);
        var start = new ProcessStartInfo(isOwn ? Environment.ProcessPath! : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (!isOwn) start.ArgumentList.Add(program);
        foreach (var argument in (object[])[
            Verb, options.Width, options.WideBlocks ? 1 : 0, options.InputSize, Math.Min(options.Batch, MostFilms), options.StartFrom is null ? 1 : 0, options.Threads])
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // libtorch's own warnings, the training repeats them
        process.BeginErrorReadLine();
        var reading = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(MostTime))
        {
            process.Kill(entireProcessTree: true);
            return "it does not end";
        }

        var said = reading.GetAwaiter().GetResult().Trim();
        return process.ExitCode == 0 ? null : said.Length > 0 ? said : string.Create(CultureInfo.InvariantCulture, $"it ends with code {process.ExitCode}");
    }
}
