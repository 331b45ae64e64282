using System.CommandLine;
using BulkImplantScan.Archive;

namespace BulkImplantScan.Cli;

/// <summary><c>triage</c>: which films are judged. Prints the default, to be changed; checks a changed one.</summary>
internal static class TriageVerb
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "triage to check; without it the default is printed", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb(
            "triage",
            "Prints the default triage.json: the lists by which a film's header alone shows that it is none to judge. Save " +
            "it, change it, check it with this verb, and give it to index or scan with --triage.",
            "./run.sh triage > triage.json")
        { file };
        command.SetAction((parsed, _) =>
        {
            if (Load(parsed.GetValue(file)) is { } triage)
            {
                Screen.Say($"{parsed.GetValue(file)} can be used (SHA-256 {triage.Sha256})");
            }
            else
            {
                using var stdout = Console.OpenStandardOutput();
                stdout.Write(Triage.Default.Json.Span);
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>The triage of a flag; null when it was not given.</summary>
    public static Triage? Load(string? path) => path is null ? null : Triage.Load(path);
}
