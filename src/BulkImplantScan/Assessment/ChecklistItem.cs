namespace BulkImplantScan.Assessment;

/// <summary>What a guideline asks for.</summary>
/// <param name="Asks">In our own words.</param>
/// <param name="Verified">What this program found out itself; null: to be stated by the authors.</param>
public sealed record ChecklistItem(string Asks, string? Verified)
{
    /// <summary>What stands where the program checked nothing.</summary>
    public const string ToBeStated = "to be stated";
}
