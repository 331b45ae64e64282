namespace BulkImplantScan.Assessment;

/// <summary>A reporting guideline, its items in our own words.</summary>
/// <param name="Name">Of the guideline.</param>
/// <param name="Items">What it asks for.</param>
public sealed record Checklist(string Name, IReadOnlyList<ChecklistItem> Items);
