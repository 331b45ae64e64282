namespace BulkImplantScan.Phantoms;

/// <summary>What a film shows.</summary>
public enum View
{
    /// <summary>AP hip: one side in the middle.</summary>
    Hip,

    /// <summary>AP pelvis: both hips, each with its own truth.</summary>
    Pelvis,
}
