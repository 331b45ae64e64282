namespace BulkImplantScan.Archive;

/// <summary>What the index does with exported pictures.</summary>
/// <param name="Policy">Which of them are films.</param>
/// <param name="Sidecar">What is known of them; null for nothing.</param>
public sealed record PictureOptions(PicturePolicy Policy, Sidecar? Sidecar)
{
    /// <summary>None of them is a film.</summary>
    public static PictureOptions Off { get; } = new(PicturePolicy.Off, null);
}
