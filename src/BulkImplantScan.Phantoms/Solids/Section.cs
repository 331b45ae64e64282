namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Cross-section of a rod, possibly changing along it: how long a straight line inside it is.</summary>
internal abstract class Section
{
    /// <summary>Largest distance of the surface from the axis in mm.</summary>
    public abstract double ReachMm { get; }

    /// <summary>Length in mm of a line within the section's plane.</summary>
    /// <param name="offset">Distance of the line from the axis in mm, with sign.</param>
    /// <param name="cos">Cosine of the angle from the rod's reference direction to the line's normal.</param>
    /// <param name="sin">Its sine.</param>
    /// <param name="along">Place along the rod in mm from its start.</param>
    public abstract double Chord(double offset, double cos, double sin, double along);
}
