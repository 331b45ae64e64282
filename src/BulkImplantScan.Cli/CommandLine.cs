using System.CommandLine;
using BulkImplantScan.Archive;
using BulkImplantScan.Assessment;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Cli;

/// <summary>The verbs, and how whatever goes wrong becomes one sentence and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>All verbs.</summary>
    public static RootCommand Root { get; } = Verb.WithExamples(new(
        "Streams archived hip radiographs through a network and answers, for every film: which internal fixation device, " +
        "how sure, and where did the network look. Research software, not a medical device. Begin with ./run.sh demo; each " +
        "verb has its own --help.")
    {
        DemoVerb.Create(),
        IndexVerb.Create(),
        TriageVerb.Create(),
        ScanVerb.Create(),
        ReportVerb.Create(),
        EvaluateVerb.Create(),
        AuditVerb.Create(),
        InspectVerb.Create(),
        VerifyVerb.Create(),
        StatusVerb.Create(),
        SqlVerb.Create(),
        PhantomVerb.Create(),
        TrainVerb.Create(),
        ModelVerb.Create(),
        DoctorVerb.Create(),
    });

    /// <summary>Parses and runs.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Screen.Say(error.Message);
            Screen.Say($"See: ./run.sh {string.Join(' ', parsed.CommandResult.Command is RootCommand ? [] : Names(parsed.CommandResult.Command))} --help".Replace("  ", " ", StringComparison.Ordinal));
            return ExitCode.Usage;
        }

        using var interrupt = new Interrupt();
        try
        {
            // Ctrl-C is ours: the first asks, the second ends (Interrupt).
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Asked);
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    private static int Explain(Exception e)
    {
        var (code, text) = e switch
        {
            CliException cli => (cli.ExitCode, cli.Message),
            OperationCanceledException => (ExitCode.Cancelled, "cancelled"),
            RunFolderException run => (AtomicFile.IsDiskFull(run) ? ExitCode.Environment : ExitCode.Usage, run.Message),
            TruthException truth => (ExitCode.Usage, truth.Message),
            TriageException triage => (ExitCode.Usage, triage.Message),
            ArchiveException archive => (ExitCode.Usage, archive.Message),
            SiteKeyException key => (ExitCode.Environment, key.Message),
            ModelPackageException model => (ExitCode.Usage, model.Message),
            ScanFaultException fault => (ExitCode.Incomplete, $"{fault.Message}. Finished parts are kept: the same command continues the run."),
            SelfCheckException check => (ExitCode.CheckFailed, $"{check.Message}."),
            PlatformNotSupportedException platform => (ExitCode.Environment, platform.Message),
            IOException io when AtomicFile.IsDiskFull(io) => (ExitCode.Environment, "The disk is full. Free some space, then run the same command again."),
            UnauthorizedAccessException denied => (ExitCode.Usage, denied.Message),
            IOException io => (ExitCode.Usage, io.Message),
            _ => (ExitCode.CheckFailed, $"This is a bug, please report it:\n{e}"),
        };
        Screen.Say(text);
        return code;
    }

    private static IEnumerable<string> Names(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
        ? [.. Names(parent), command.Name]
        : [command.Name];
}
