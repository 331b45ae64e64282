using ILGPU.Runtime.Cuda;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Inference;

/// <summary>What an exception of ILGPU, of the driver or of ONNX Runtime means for who has to do something about it.</summary>
public static class DeviceFault
{
    private const int OutOfMemory = 2;

    private static readonly int[] PtxRefused = [35, 218, 222]; // insufficient driver, invalid PTX, PTX newer than the driver

    // CUresult, cuda.h: errors after which a context does nothing any more, and every later call fails.
    private static readonly int[] Lost = [46, 214, 220, 700, 702, 708, 709, 710, 713, 714, 715, 716, 717, 718, 719, 999];

    private static readonly string[] LostPhrases =
        ["CUDA failure 46:", "CUDA failure 700", "CUDA failure 719", "CUDA failure 999", "illegal memory access", "unspecified launch failure"];

    /// <summary>Whether the device has too little memory; of the host's, too, when pages cannot be locked.</summary>
    public static bool IsOutOfMemory(Exception fault) => Causes(fault).Any(cause => cause is OutOfMemoryException || IsFull(cause));

    /// <summary>Whether the device does nothing any more: what is asked of it fails, or waits for ever.</summary>
    public static bool IsLost(Exception fault) => Causes(fault).Any(cause => cause switch
    {
        DeviceLostException => true,
        CudaException or CudaErrorException => Lost.Contains(Code(cause)!.Value),
        OnnxRuntimeException runtime => Says(runtime, LostPhrases),
        _ => false,
    });

    /// <summary>A sentence that says what is wrong and what to do; null when the exception is not one of a device.</summary>
    public static string? Explain(Exception fault)
    {
        foreach (var cause in Causes(fault))
        {
            switch (cause)
            {
                case OutOfMemoryException: // the host's: any stage can meet it
                    return null;
                case { } when IsFull(cause):
                    return "The device has too little free memory for a batch. Use a smaller --batch, or end what else uses its memory.";
                case DeviceLostException lost:
                    return $"The device is lost: {lost.Message}. Look for its fault (dmesg, nvidia-smi), then give the same command again: finished parts stay.";
                case { } when Code(cause) is { } code && Lost.Contains(code):
                    return $"The device is lost: CUDA error {code}. Look for its fault (dmesg, nvidia-smi), then give the same command again: finished parts stay.";
                case { } when Code(cause) is { } code && PtxRefused.Contains(code):
                    return $"The driver does not take our kernels: CUDA error {code}. {DriverTooOld}";
                case { } when Code(cause) is { } code:
                    return $"The device failed: CUDA error {code}. See ./run.sh doctor.";
                case OnnxRuntimeException runtime when Says(runtime, "CUDA driver version is insufficient", "CUDA failure 35:"):
                    return DriverTooOld;
                case OnnxRuntimeException runtime when Says(runtime, "no kernel image is available", "CUDA failure 209:"):
                    return "ONNX Runtime's CUDA build has no kernels for this device: it is too old (compute capability below 7.5), or too new for this build.";
                case OnnxRuntimeException runtime when Says(runtime, "cudnn") && Says(runtime, "not found", "cannot open", "failed to load", "NOT_IMPLEMENTED"):
                    return "cuDNN is missing: install cuDNN 9 for the CUDA version of ONNX Runtime, where the linker finds libcudnn.so.9.";
                case OnnxRuntimeException runtime when Says(runtime, "Failed to load library", "cannot open shared object file"):
                    return $"A library of CUDA is missing: {Missing(runtime.Message)}. Install the CUDA 12 or 13 runtime (cuBLAS, cuRAND, cuFFT, cudart) that ONNX Runtime was built for.";
                case OnnxRuntimeException runtime when Says(runtime, LostPhrases):
                    return "The device is lost: a kernel of the network failed. Look for its fault (dmesg, nvidia-smi), then give the same command again: finished parts stay.";
                case OnnxRuntimeException runtime when Says(runtime, "Attempt to use DefaultLogger", "CUDA execution provider is not enabled", "CUDA_EP is not enabled", "not enabled in this build"):
                    return WithoutCuda;
                case EntryPointNotFoundException when cause.Message.Contains("'cu", StringComparison.Ordinal): // named 'cuSomething' in ...
                    return $"The driver lacks a call that is needed. {DriverTooOld}";
            }
        }

        return null;
    }

    /// <summary>What to do where the driver cannot run what is needed.</summary>
    public const string DriverTooOld = "The NVIDIA driver is too old: CUDA 12 needs driver 525 or newer, CUDA 13 needs 580.";

    /// <summary>What to do where ONNX Runtime has no CUDA provider.</summary>
    public const string WithoutCuda = "This build's ONNX Runtime has no CUDA provider (the flavour is Cpu): build with -p:OnnxRuntimeFlavor=Gpu, as run.sh does when it sees the driver.";

    private static bool IsFull(Exception cause) => cause is OnnxRuntimeException runtime
        ? Says(runtime, "out of memory", "failed to allocate memory", "CUDA failure 2:", "ALLOC_FAILED", "Available memory of")
        : Code(cause) == OutOfMemory;

    // ILGPU keeps the name of a code that it knows, and the number of others.
    private static int? Code(Exception exception) => exception switch
    {
        CudaErrorException ours => ours.Code,
        CudaException ilgpu => Enum.TryParse<CudaError>(ilgpu.Error, out var error) ? (int)error : -1,
        _ => null,
    };

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static bool Says(Exception exception, params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
            if (exception.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>The name of the library that the loader did not find: "libX.so.N: cannot open shared object file".</summary>
    private static string Missing(string message)
    {
        var end = message.IndexOf(": cannot open shared object file", StringComparison.Ordinal);
        if (end < 0) return "see the message of ONNX Runtime in doctor";
        var start = message.LastIndexOf(' ', end) + 1;
        return message[start..end];
    }
}
