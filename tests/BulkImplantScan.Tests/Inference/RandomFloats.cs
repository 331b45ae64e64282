namespace BulkImplantScan.Tests.Inference;

internal static class RandomFloats
{
    /// <summary>Fills with values in [−2, 2), about what normalised films hold.</summary>
    public static void NextSingles(this Random random, Span<float> target)
    {
        foreach (ref var value in target) value = random.NextSingle() * 4 - 2;
    }
}
