using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Cli;

/// <summary><c>doctor</c>: what this machine and this build can do, what is missing, and how to get it.</summary>
internal static class DoctorVerb
{
    private sealed record Finding(string Name, string Status, string Detail, string? Fix);

    public static Command Create()
    {
        var (json, model) = (Flags.Json(), Flags.Model());
        var command = new Verb(
            "doctor",
            "Checks processor, memory, model, decoders, GPU, site key and disk; says what is missing and how to get " +
            "it. Exit code 4 when something that scanning needs is missing.",
            "./run.sh doctor --json")
        { json, model };
        command.SetAction((parsed, _) =>
        {
            Finding[] findings =
            [
                new("version", "ok", $"{Product.Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}", null),
                Processor(),
                Memory(),
                Model(parsed.GetValue(model) ?? Install.DemonstrationModel),
                OnnxRuntime(),
                .. Cuda(parsed.GetValue(model) ?? Install.DemonstrationModel),
                .. Codecs(),
                SecondReader(),
                Key(),
                Disk(),
                new("train", "ok", "a program of its own: ./run.sh train restores libtorch at its first use and checks it then", null),
            ];
            foreach (var finding in findings)
            {
                if (parsed.GetValue(json)) Screen.Json(finding);
                else Console.Out.WriteLine($"{finding.Status,-8} {finding.Name,-21} {finding.Detail}{(finding.Fix is null ? "" : $"\n{"",-31}{finding.Fix}")}");
            }

            return Task.FromResult(findings.Any(finding => finding.Status == "missing") ? ExitCode.Environment : ExitCode.Done);
        });
        return command;
    }

    private static Finding Processor()
    {
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        return new("processor", width >= 256 ? "ok" : "slow", $"{Environment.ProcessorCount} cores, vectors of {width} bits", width >= 256 ? null : "preprocessing runs without wide vectors; use a processor with AVX2");
    }

    private static Finding Memory()
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return new("memory", gibibytes >= 2 ? "ok" : "warning", string.Create(CultureInfo.InvariantCulture, $"{gibibytes:F1} GiB"), gibibytes >= 2 ? null : "scans need about 1 GiB: use --workers 1 --batch 1");
    }

    private static Finding Model(string folder)
    {
        try
        {
            var model = ModelPackage.Load(folder);
            using var session = new NetworkSession(model, 1, 1);
            return new("model", "ok", $"{model.Name}, {model.Classes.Count} classes, {model.Input.Width}×{model.Input.Height}", null);
        }
        catch (ModelPackageException e)
        {
            return new("model", "missing", e.Message, "train one with ./run.sh train, or name one with --model");
        }
    }

    private static Finding OnnxRuntime()
    {
        try
        {
            return new("onnxruntime", "ok", $"{OrtEnv.Instance().GetVersionString()}: {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}", null);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            return new("onnxruntime", "missing", "its native library does not load", "run ./run.sh again so that it is restored; on Linux glibc 2.28 or newer is needed");
        }
    }

    /// <summary>A device is in order when it has computed a batch: much of what can be missing is loaded only then.</summary>
    private static IEnumerable<Finding> Cuda(string modelFolder)
    {
        var (isUsable, what) = DeviceChoice.CudaState();
        if (!isUsable)
        {
            yield return new("cuda", "off", what, "scans run on the CPU; for a GPU: an NVIDIA driver, CUDA 12 or 13 with cuDNN 9, and the Gpu flavour, which run.sh picks when it sees the driver");
            yield break;
        }

        yield return new("cuda", "ok", what, null);
        for (var ordinal = 0; ordinal < DeviceChoice.CudaDevices; ordinal++) yield return CudaDevice(ordinal, modelFolder);
    }

    private static Finding CudaDevice(int ordinal, string modelFolder)
    {
        try
        {
            using var device = DeviceChoice.Open($"cuda:{ordinal}", ModelPackage.Load(modelFolder), new() { BatchSize = 1 }).Single();
            return device.Notes.Count == 0
                ? new($"cuda:{ordinal}", "ok", $"{device.Description}: kernels and network have computed a batch on it", null)
                : new($"cuda:{ordinal}", "warning", $"{device.Description}: {string.Join("; ", device.Notes)}", "scans work, but slower than they could");
        }
        catch (Exception e) when (e is PlatformNotSupportedException or ModelPackageException)
        {
            return new($"cuda:{ordinal}", "off", e.Message, "scans run on other devices, or with --device cpu");
        }
    }

    private static IEnumerable<Finding> Codecs() => Decoders.All.Select(decoder =>
        new Finding($"decoder {decoder.Name}", decoder.IsOn ? "ok" : "off", decoder.Syntaxes, decoder.Fix));

    private static Finding SecondReader() => DicomReaderChoice.Open(null) is { } second
        ? new("second reader", "ok", $"{second.Name}, for files that ours rejects", null)
        : new("second reader", "off", "files that our DICOM reader rejects stay rejected", "to let fo-dicom try them: BIS_FO_DICOM=true ./run.sh …; docs/dicom.md says where the package comes from");

    private static Finding Key()
    {
        var path = SiteKey.DefaultPath;
        if (!File.Exists(path)) return new("site key", "ok", "none yet; index makes one", null);
        try
        {
            return new("site key", "ok", $"key {SiteKey.LoadOrCreate(path).Id}", "keep a copy: without it, pseudonyms of later runs do not match");
        }
        catch (SiteKeyException e)
        {
            return new("site key", "missing", e.Message, null);
        }
    }

    private static Finding Disk()
    {
        var free = new DriveInfo(Path.GetPathRoot(Environment.CurrentDirectory)!).AvailableFreeSpace / (double)(1 << 30);
        return new("disk", free >= 1 ? "ok" : "warning", string.Create(CultureInfo.InvariantCulture, $"{free:F0} GiB free here"), free >= 1 ? null : "a run takes about 1 KiB a film, overlays about 60 KiB each");
    }
}
