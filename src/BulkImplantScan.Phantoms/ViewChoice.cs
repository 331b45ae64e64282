namespace BulkImplantScan.Phantoms;

/// <summary>Which views an archive holds.</summary>
public enum ViewChoice
{
    /// <summary>AP hips.</summary>
    Hip,

    /// <summary>AP pelves.</summary>
    Pelvis,

    /// <summary>Both; three films in ten are of a pelvis.</summary>
    Mixed,
}
