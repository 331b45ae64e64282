namespace BulkImplantScan.Inference;

/// <summary>How precisions are spelt in flags and in run.json.</summary>
public static class NetworkPrecisionWords
{
    /// <summary><c>fp32</c>, <c>tf32</c> or <c>fp16</c>.</summary>
    public static string Word(this NetworkPrecision precision) => precision.ToString().ToLowerInvariant();
}
