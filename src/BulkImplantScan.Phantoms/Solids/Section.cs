using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Cross-section of a rod, possibly changing along it: how long straight lines inside it are, eight lines at once.</summary>
internal abstract class Section
{
    /// <summary>Largest distance of the surface from the axis in mm.</summary>
    public abstract double ReachMm { get; }

    /// <summary>Whether it is the same all along the rod, so that the rod may be cut anywhere.</summary>
    public virtual bool IsUniform => false;

    /// <summary>Lengths in mm of lines within the section's plane; 0 or less for lines that miss it.</summary>
    /// <param name="offset">Distance of the line from the axis in mm, with sign.</param>
    /// <param name="cos">Cosine of the angle from the rod's reference direction to the line's normal.</param>
    /// <param name="sin">Its sine.</param>
    /// <param name="along">Place along the rod in mm from its start.</param>
    public abstract Vector256<float> Chord(Vector256<float> offset, Vector256<float> cos, Vector256<float> sin, Vector256<float> along);

    /// <summary>Half a chord of a circle whose squared radius less squared offset is <paramref name="square"/>: 0 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector256<float> Half(Vector256<float> square) => Vector256.Sqrt(Vector256.Max(square, Vector256<float>.Zero));
}
