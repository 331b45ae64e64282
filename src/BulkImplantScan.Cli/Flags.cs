using System.CommandLine;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Inference;
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

    /// <summary>--triage.</summary>
    public static Option<string?> Triage() => new("--triage")
    {
        Description = "file that says which films are judged (default: the run's own, else what ./run.sh triage prints)",
        HelpName = "FILE",
    };

    /// <summary>--pictures.</summary>
    public static Option<PicturePolicy?> Pictures() => new("--pictures")
    {
        Description = "which PNG, JPEG and TIFF files are films: off, listed (in the sidecar) or all (default: off, with a sidecar listed)",
    };

    /// <summary>--sidecar.</summary>
    public static Option<string?> Sidecar() => new("--sidecar")
    {
        Description = "CSV that says of which patient, day and side exported pictures are",
        HelpName = "FILE",
    };

    /// <summary>--model.</summary>
    public static Option<string?> Model() => new("--model")
    {
        Description = "model package (default: the demonstration model in models/)",
        HelpName = "DIR",
    };

    /// <summary>--out of a model package.</summary>
    public static Option<string> NewPackage() => new("--out") { Description = "new or empty folder", HelpName = "DIR", Required = true };

    /// <summary>--json.</summary>
    public static Option<bool> Json() => new("--json") { Description = "results as JSON on stdout" };

    /// <summary>--explain.</summary>
    public static Option<ExplainPolicy> Explain() => new("--explain")
    {
        Description = "which films also get a Grad-CAM picture: all, uncertain or none",
        DefaultValueFactory = _ => ExplainPolicy.Uncertain,
    };

    /// <summary>--native-codecs.</summary>
    public static Option<NativeCodecMode> NativeCodecs() => new("--native-codecs")
    {
        Description = "where the system's libraries decode JPEG-LS, JPEG 2000 and JPEG XL: isolated (in processes of their own), inprocess, or off",
        DefaultValueFactory = _ => NativeCodecMode.Isolated,
    };

    /// <summary>--field-of-view.</summary>
    public static Option<FieldOfViewMode> FieldOfView() => new("--field-of-view")
    {
        Description = "where borders (shutter, collimator, padding) are looked for: auto (header, then image), header or off",
        DefaultValueFactory = _ => FieldOfViewMode.Auto,
    };

    /// <summary>--regions.</summary>
    public static Option<RegionMode> Regions() => new("--regions")
    {
        Description = "auto: each hip of an AP pelvis is judged for itself and has a row; whole: every film is judged as a whole",
        DefaultValueFactory = _ => RegionMode.Auto,
    };

    /// <summary>--overlay-crop.</summary>
    public static Option<Switch> OverlayCrop() => new("--overlay-crop")
    {
        Description = "on: pictures show the field of view only, no text of the border; off: the whole film",
        DefaultValueFactory = _ => Switch.On,
    };

    /// <summary>--device.</summary>
    public static Option<string> Device() => new("--device")
    {
        Description = "auto, cpu, cuda:N, several with commas, or cuda:* for all",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>--strict-device.</summary>
    public static Option<bool> StrictDevice() => new("--strict-device")
    {
        Description = "refuse a network of which nodes have no kernel on the GPU; without it they run on the CPU and are named",
    };

    /// <summary>--device-decode.</summary>
    public static Option<Switch> DeviceDecode() => new("--device-decode")
    {
        Description = "on: a CUDA device decodes films in JPEG lossless; off: the processor does. No row shows it",
        DefaultValueFactory = _ => Switch.On,
    };

    /// <summary>--precision.</summary>
    public static Option<NetworkPrecision?> Precision() => new("--precision")
    {
        Description = "arithmetic of the network: fp32, tf32 (NVIDIA devices) or fp16 (a model that model half wrote) (default: what the model is, fp32 or fp16)",
    };

    /// <summary>--workers.</summary>
    public static Option<int> Workers() => Checked(
        new Option<int>("--workers") { Description = "films decoded at a time", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount },
        value => value is >= 1 and <= 1024 ? null : "--workers must be 1 to 1024");

    /// <summary>--batch.</summary>
    public static Option<int?> Batch() => Checked(
        new Option<int?>("--batch") { Description = "films a batch (default: what suits the device)", HelpName = "N" },
        value => value is null or (>= 1 and <= NetworkSession.MaximumBatchSize) ? null : $"--batch must be 1 to {NetworkSession.MaximumBatchSize}");

    /// <summary>--exact-decode.</summary>
    public static Option<bool> ExactDecode() => new("--exact-decode")
    {
        Description = "decode JPEG 2000 at full resolution, also where the network is given far less",
    };

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
