using System.Runtime.CompilerServices;

namespace BulkImplantScan.Imaging;

/// <summary>A value for each of eight neighbouring columns; a kernel keeps it in registers.</summary>
internal readonly record struct EightFloats(float A, float B, float C, float D, float E, float F, float G, float H)
{
    /// <summary>This + weight · values, column by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EightFloats Plus(float weight, EightFloats values) => new(
        A + weight * values.A, B + weight * values.B, C + weight * values.C, D + weight * values.D,
        E + weight * values.E, F + weight * values.F, G + weight * values.G, H + weight * values.H);
}
