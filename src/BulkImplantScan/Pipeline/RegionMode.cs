namespace BulkImplantScan.Pipeline;

/// <summary>What of a film is judged.</summary>
public enum RegionMode
{
    /// <summary>Every film as a whole: one row.</summary>
    Whole,

    /// <summary>Each hip of an AP pelvis for itself, two rows; every other film as a whole.</summary>
    Auto,
}
