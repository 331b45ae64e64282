namespace BulkImplantScan.Tests.Dicom;

/// <summary>What others made, and not every machine has: a test that compares with it is skipped, visibly, where it is missing.</summary>
/// <remarks>Not in CI, which sets BIS_REQUIRE_ORACLES: there a missing one fails, or nobody would see that it was left out.</remarks>
internal static class Oracles
{
    private static readonly bool AreRequired = Environment.GetEnvironmentVariable("BIS_REQUIRE_ORACLES") is { Length: > 0 };

    /// <summary>Skips or fails the calling test, unless it <paramref name="isHere"/>.</summary>
    public static void Require(bool isHere, string otherwise)
    {
        if (AreRequired) Assert.True(isHere, otherwise);
        else Assert.SkipUnless(isHere, otherwise);
    }
}
