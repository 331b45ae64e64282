namespace BulkImplantScan.Inference;

/// <summary>Arithmetic of a network; rows depend on it, so a run remembers it.</summary>
public enum NetworkPrecision
{
    /// <summary>32-bit floats throughout.</summary>
    Fp32,

    /// <summary>Convolutions round their factors to ten bits of mantissa (NVIDIA, compute capability 8.0 and above) and add in fp32.</summary>
    Tf32,

    /// <summary>16-bit floats up to the feature maps: needs a package that <c>model half</c> wrote.</summary>
    Fp16,
}
