using System.CommandLine;

namespace BulkImplantScan.Cli;

/// <summary><c>train</c> is a program of its own, so that the scanner never carries libtorch; run.sh calls it.</summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        var command = new Verb(
            "train",
            "Trains a network on a labelled archive and writes a model package. A program of its own (it brings " +
            "libtorch, some hundred MB, restored at first use): run.sh builds and starts it.",
            "./run.sh train phantoms/labels.csv --films phantoms --out models/mine")
        { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((_, _) => throw new CliException(
            ExitCode.Environment, "train is a program of its own. Start it with ./run.sh train …, which builds it first."));
        return command;
    }
}
