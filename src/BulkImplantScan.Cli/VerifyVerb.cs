using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Registry;

namespace BulkImplantScan.Cli;

/// <summary><c>verify</c>: does the ledger add up?</summary>
internal static class VerifyVerb
{
    public static Command Create()
    {
        var (run, json) = (Flags.RunArgument(), Flags.Json());
        var command = new Verb(
            "verify",
            "Checks that every film of the inventory has exactly one row: films in = identified + none + abstained + " +
            "rejected + failed. Exit code 0 when it adds up, 3 when films are still to be scanned, 1 when something is " +
            "wrong.",
            "./run.sh verify runs/hips --json")
        { run, json };
        command.SetAction((parsed, _) =>
        {
            var balance = Ledger.Check(parsed.GetRequiredValue(run));
            if (parsed.GetValue(json))
            {
                Screen.Json(new
                {
                    balance.Films, balance.Rows, balance.Identified, balance.None, balance.Abstained, balance.Rejected, balance.Failed,
                    balance.Duplicates, DuplicateKinds = Kinds(balance.Kinds), balance.Ok, balance.Missing, balance.Problems,
                });
            }
            else
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{balance.Films} films in = {balance.Identified} identified + {balance.None} none + {balance.Abstained} abstained + {balance.Rejected} rejected + {balance.Failed} failed{(balance.Missing > 0 ? $" + {balance.Missing} still to be scanned" : "")} ({balance.Duplicates} of them duplicates)"));
                if (balance.Kinds.Sentence is { } sentence) Console.Out.WriteLine(sentence);
            }

            foreach (var problem in balance.Problems) Screen.Say(problem);
            return Task.FromResult(Code(balance));
        });
        return command;
    }

    private static object Kinds(DuplicateCounts kinds) =>
        new { kinds.SameInstance, kinds.Conflicting, kinds.SamePixels, kinds.OtherPatient, kinds.ReusedUid };

    // "Still to be scanned" is one of the problems; alone it means that the run goes on.
    private static int Code(LedgerBalance balance) =>
        balance.Ok ? ExitCode.Done : balance.Missing > 0 && balance.Problems.Count == 1 ? ExitCode.Incomplete : ExitCode.CheckFailed;
}
