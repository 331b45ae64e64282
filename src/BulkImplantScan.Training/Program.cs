using System.CommandLine;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;
using BulkImplantScan.Training;

const int Done = 0, CheckFailed = 1, WrongUsage = 2, EnvironmentLacks = 4, Cancelled = 130;

if (args is [ProcessorCheck.Verb, ..]) return ProcessorCheck.Run(args.AsSpan(1));

var defaults = new TrainingOptions { Labels = "", Films = "", Out = "" };
var labels = new Argument<string>("LABELS.csv") { Description = "CSV with the columns file, label and patient" };
var films = new Option<string?>("--films") { Description = "folder that the files of LABELS.csv are in (that of LABELS.csv)" };
var target = new Option<string>("--out") { Description = "folder of the model package: new or empty", Required = true };
var test = new Option<string?>("--test") { Description = "CSV of other films, to judge the finished model on" };
var testFilms = new Option<string?>("--test-films") { Description = "folder of those films (that of their CSV)" };
var devices = new Option<string?>("--devices") { Description = "CSV with the columns id, manufacturer, model, if known marketed_from (the phantoms' generic designs)" };
var name = new Option<string>("--name") { Description = "name of the model", DefaultValueFactory = _ => defaults.Name };
var epochs = Number("--epochs", "passes over the films", defaults.Epochs, 1, 1000);
var seed = Number("--seed", "of weights, split, order and augmentation: same seed, same model on one machine", defaults.Seed, 0, int.MaxValue);
var inputSize = Number("--input-size", "height and width of the network's input in pixels", defaults.InputSize, 32, 1024);
var batch = Number("--batch", "films a step", defaults.Batch, 2, 512);
var threads = Number("--threads", "threads (all cores)", defaults.Threads, 1, 1024);
var width = Real("--width", "channels of the network, relative to the small one", defaults.Width, 0.25, 1.15);
var wideBlocks = new Option<bool>("--wide-blocks") { Description = "blocks as wide inside as outside: twice the work, to be pruned by a training that starts from it" };
var patience = Number("--patience", "epochs at full size without a better validation loss that end the training early; 0 = never", defaults.Patience, 0, 1000);
var startFrom = new Option<string?>("--start-from") { Description = "package whose weights to start from, of the same --width and --input-size" };
var calibrate = new Option<string?>("--calibrate") { Description = "train nothing: choose temperature and thresholds of this package anew, on these films" };
var device = new Option<string>("--device") { Description = "cpu or cuda (a build with -p:TorchFlavor=Cuda)", DefaultValueFactory = _ => "cpu" };
device.AcceptOnlyFromAmong("cpu", "cuda");
var closed = new Option<bool>("--closed") { Description = "without the classes that refuse: unknown hardware, and films that show no hip" };
var asTheyAre = new Option<bool>("--as-they-are") { Description = "no augmentation: never for use, but to show what a shortcut does that augmentation takes away" };
var metalAlone = Real("--metal-alone", "of the films that have a mask, the share that shows nothing but its metal", defaults.MetalAlone, 0, 0.5);
var validation = Real("--validation", "share of the patients of each label that is held back, to choose temperature and thresholds", defaults.ValidationShare, 0.01, 0.9);
var rate = Real("--learning-rate", "its peak", defaults.LearningRate, 1e-6, 1);

var command = new RootCommand(
    """
    Trains a small residual network on labelled films and writes a model package.

    "none" is a hip without an implant, "unknown" hardware outside the catalogue, "other" a film that shows no hip (both are
    refused by the model), "broken" is left out; every other label is a device. A column "mask" says where the metal is.

    A training that was stopped goes on when the same command is given again: its checkpoint is in OUT.training.

    Example:
      ./run.sh phantom --count 3000 --out films --seed 1
      ./run.sh phantom --count 600 --out fresh --seed 2
      ./run.sh train films/labels.csv --out models/mine --test fresh/labels.csv
    """)
{
    labels, films, target, test, testFilms, devices, name, epochs, seed, inputSize, batch, threads, width, wideBlocks, metalAlone, rate, validation, patience, startFrom, calibrate, device, closed, asTheyAre,
};
command.SetAction((parsed, stop) => Task.FromResult(Train(
    new()
    {
        Labels = parsed.GetValue(labels)!,
        Films = parsed.GetValue(films) ?? Path.GetDirectoryName(Path.GetFullPath(parsed.GetValue(labels)!))!,
        Out = parsed.GetValue(target)!,
        TestLabels = parsed.GetValue(test),
        TestFilms = parsed.GetValue(testFilms),
        Devices = parsed.GetValue(devices),
        Name = parsed.GetValue(name)!,
        Epochs = parsed.GetValue(epochs),
        Seed = parsed.GetValue(seed),
        InputSize = parsed.GetValue(inputSize),
        Batch = parsed.GetValue(batch),
        Threads = parsed.GetValue(threads),
        Width = parsed.GetValue(width),
        WideBlocks = parsed.GetValue(wideBlocks),
        MetalAlone = parsed.GetValue(metalAlone),
        LearningRate = parsed.GetValue(rate),
        ValidationShare = parsed.GetValue(validation),
        Patience = parsed.GetValue(patience),
        StartFrom = parsed.GetValue(startFrom),
        Calibrate = parsed.GetValue(calibrate),
        Cuda = parsed.GetValue(device) == "cuda",
        Augment = !parsed.GetValue(asTheyAre),
        Refusing = !parsed.GetValue(closed),
    },
    stop)));

var result = command.Parse(args);
if (result.Errors.Count > 0)
{
    foreach (var error in result.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("train --help shows how.");
    return WrongUsage;
}

// The training looks at the token between two steps; it gets the time to do so.
return await result.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static int Train(TrainingOptions options, CancellationToken stop)
{
    HeapMemory.Keep();
    try
    {
        if ((ProcessorCheck.Settle(options, Console.Error.WriteLine, stop) ?? NativeShim.Load(AppContext.BaseDirectory)) is { } lacks)
        {
            Console.Error.WriteLine(lacks);
            return EnvironmentLacks;
        }
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("cancelled: nothing was trained");
        return Cancelled;
    }

    if (options.Cuda && !TorchSharp.torch.cuda.is_available())
    {
        Console.Error.WriteLine("--device cuda: this build's libtorch sees no CUDA device. Build with -p:TorchFlavor=Cuda on a machine with an NVIDIA driver, or leave --device out.");
        return EnvironmentLacks;
    }

    try
    {
        var package = new TrainingRun(options, Console.Error.WriteLine).Execute(stop);
        Console.Error.WriteLine($"written: {package.Folder}");
        return Done;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("cancelled: no package was written; the same command goes on from the last epoch");
        return Cancelled;
    }
    catch (Exception e) when (e is TrainingException or ModelPackageException)
    {
        Console.Error.WriteLine(e.Message);
        return WrongUsage;
    }
    catch (NetworkDiffersException e)
    {
        Console.Error.WriteLine(e.Message);
        return CheckFailed;
    }
    catch (Exception e) when (AtomicFile.IsDiskFull(e))
    {
        Console.Error.WriteLine(e is RunFolderException ? e.Message : "The disk is full. Free some space, then give the same command again: it goes on from the last epoch.");
        return EnvironmentLacks;
    }
    catch (Exception e) when (e is RunFolderException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(e.Message);
        return WrongUsage;
    }
}

static Option<int> Number(string name, string what, int value, int least, int greatest)
{
    var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => value };
    option.Validators.Add(parsed =>
    {
        if (parsed.GetValueOrDefault<int>() < least || parsed.GetValueOrDefault<int>() > greatest)
            parsed.AddError($"{name} must be {least} to {greatest}");
    });
    return option;
}

static Option<double> Real(string name, string what, double value, double least, double greatest)
{
    var option = new Option<double>(name) { Description = what, DefaultValueFactory = _ => value };
    option.Validators.Add(parsed =>
    {
        if (!(parsed.GetValueOrDefault<double>() >= least && parsed.GetValueOrDefault<double>() <= greatest))
            parsed.AddError($"{name} must be {least} to {greatest}");
    });
    return option;
}
