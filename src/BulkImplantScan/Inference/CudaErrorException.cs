namespace BulkImplantScan.Inference;

/// <summary>A call of ours to the CUDA driver failed.</summary>
/// <param name="call">Name of the function.</param>
/// <param name="code">CUresult, cuda.h.</param>
public sealed class CudaErrorException(string call, int code) : Exception($"{call} failed with CUDA error {code}")
{
    /// <summary>CUresult, cuda.h.</summary>
    public int Code { get; } = code;

    /// <summary>Throws unless the call succeeded.</summary>
    internal static void ThrowIfFailed(string call, int code)
    {
        if (code != 0) throw new CudaErrorException(call, code);
    }
}
