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
                Cuda(),
                .. Decoders(),
                Key(),
                Disk(),
                new("train", "ok", "a program of its own: ./run.sh train restores libtorch at its first use and checks it then", null),
            ];
            foreach (var finding in findings)
            {
                if (parsed.GetValue(json)) Screen.Json(finding);
                else Console.Out.WriteLine($"{finding.Status,-8} {finding.Name,-14} {finding.Detail}{(finding.Fix is null ? "" : $"\n{"",-24}{finding.Fix}")}");
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

    private static Finding Cuda()
    {
        var (isUsable, what) = DeviceChoice.CudaState();
        return isUsable
            ? new("cuda", "ok", what, null)
            : new("cuda", "off", what, "scans run on the CPU; for a GPU: an NVIDIA driver, CUDA 12 or 13 with cuDNN 9, and the Gpu flavour, which run.sh picks when it sees the driver");
    }

    private static IEnumerable<Finding> Decoders()
    {
        yield return new("decoders", "ok", "uncompressed (little and big endian), deflated, RLE, JPEG lossless", null);
        yield return new("decoders", "off", "JPEG baseline and extended: such films get failed: unsupported_transfer_syntax", null);
        foreach (var library in NativeCodecs.Status)
        {
            yield return library.IsOn
                ? new(library.Name, "ok", $"{library.Formats}: {library.File} {library.Version}", null)
                : new(library.Name, "off", $"{library.Formats}: such films get failed: unsupported_transfer_syntax", library.Fix);
        }
    }

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
