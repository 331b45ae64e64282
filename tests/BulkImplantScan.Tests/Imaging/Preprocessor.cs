namespace BulkImplantScan.Tests.Imaging;

/// <summary>The ways to preprocess that one specification holds for.</summary>
public enum Preprocessor
{
    Scalar,
    PlatformVectors,
    Vectors512,
    KernelInGroupsOf2,
    KernelInGroupsOf16,
}
