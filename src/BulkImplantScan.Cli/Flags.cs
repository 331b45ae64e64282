using System.CommandLine;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Cli;

/// <summary>Flags that several verbs share, so that they are spelt and explained alike.</summary>
internal static class Flags
{
    /// <summary>--run.</summary>
    public static Option<string?> Run() => new("--run") { Description = "folder of the run: made if it is not there", HelpName = "RUN" };

    /// <summary>A run as first argument.</summary>
    public static Argument<string> RunArgument() => new("RUN") { Description = "folder of the run" };

    /// <summary>--site-key.</summary>
    public static Option<string?> SiteKey() => new("--site-key")
    {
        Description = "file with the key of the pseudonyms; made if it is not there (default: in your configuration folder)",
        HelpName = "FILE",
    };

    /// <summary>--chunk.</summary>
    public static Option<int> Chunk() => Checked(
        new Option<int>("--chunk") { Description = "films a part: what a crash can cost", HelpName = "N", DefaultValueFactory = _ => Archive.Chunk.Films },
        value => value is >= 1 and <= Results.RunFolder.MaximumChunkFilms ? null : $"--chunk must be 1 to {Results.RunFolder.MaximumChunkFilms}");

    /// <summary>--model.</summary>
    public static Option<string?> Model() => new("--model")
    {
        Description = "model package (default: the demonstration model in models/)",
        HelpName = "DIR",
    };

    /// <summary>--json.</summary>
    public static Option<bool> Json() => new("--json") { Description = "results as JSON on stdout" };

    /// <summary>--explain.</summary>
    public static Option<ExplainPolicy> Explain() => new("--explain")
    {
        Description = "which films also get a Grad-CAM picture: all, uncertain or none",
        DefaultValueFactory = _ => ExplainPolicy.Uncertain,
    };

    /// <summary>--device.</summary>
    public static Option<string> Device() => new("--device")
    {
        Description = "auto, cpu or cuda:N",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>--workers.</summary>
    public static Option<int> Workers() => Checked(
        new Option<int>("--workers") { Description = "films decoded at a time", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount },
        value => value is >= 1 and <= 1024 ? null : "--workers must be 1 to 1024");

    /// <summary>--batch.</summary>
    public static Option<int?> Batch() => Checked(
        new Option<int?>("--batch") { Description = "films a batch (default: what suits the device)", HelpName = "N" },
        value => value is null or (>= 1 and <= Inference.NetworkSession.MaximumBatchSize) ? null : $"--batch must be 1 to {Inference.NetworkSession.MaximumBatchSize}");

    /// <summary>--self-check.</summary>
    public static Option<int> SelfCheck() => Checked(
        new Option<int>("--self-check")
        {
            Description = "one film in N is decoded and preprocessed a second time by plain loops; a difference stops the scan (1: every film, 0: none)",
            HelpName = "N",
            DefaultValueFactory = _ => ScanOptions.DefaultSelfCheckEvery,
        },
        value => value >= 0 ? null : "--self-check must be 0 or more");

    /// <summary>The option, with a check of its value.</summary>
    public static Option<T> Checked<T>(Option<T> option, Func<T?, string?> fault)
    {
        option.Validators.Add(result =>
        {
            try
            {
                if (fault(result.GetValueOrDefault<T>()) is { } text) result.AddError(text);
            }
            catch (InvalidOperationException)
            {
                return; // not even of the type: the parser, which asks validators first, reports that itself
            }
        });
        return option;
    }
}
