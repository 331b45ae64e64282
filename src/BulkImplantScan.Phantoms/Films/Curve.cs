namespace BulkImplantScan.Phantoms.Films;

/// <summary>Where the S-shaped curve from exposure to brightness is.</summary>
internal enum Curve
{
    /// <summary>In the stored values; the header says no window.</summary>
    Baked,

    /// <summary>Nowhere: stored values are logarithmic, a linear window picks the part that is shown.</summary>
    Window,

    /// <summary>In the header: VOI LUT Function SIGMOID.</summary>
    Sigmoid,

    /// <summary>In the header: a VOI LUT Sequence.</summary>
    Table,
}
