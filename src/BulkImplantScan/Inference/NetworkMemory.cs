namespace BulkImplantScan.Inference;

/// <summary>Whose memory the addresses of <see cref="NetworkBuffers"/> are in.</summary>
public enum NetworkMemory
{
    /// <summary>The process's own: pinned arrays or native memory.</summary>
    Cpu,

    /// <summary>The CUDA device of the session, in its primary context.</summary>
    Cuda,
}
