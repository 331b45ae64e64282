namespace BulkImplantScan.Tests.Explanation;

/// <summary>The ways to compute Grad-CAM that one specification holds for.</summary>
public enum GradCamDevice
{
    Simd,
    Kernels,
}
