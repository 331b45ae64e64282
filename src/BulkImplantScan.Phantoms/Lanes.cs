using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BulkImplantScan.Phantoms;

/// <summary>What <see cref="Vector256"/> lacks. All of it gives the bits that the same arithmetic gives one number at a time.</summary>
internal static class Lanes
{
    /// <summary>Values of a table at eight places, each within it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Gather(ReadOnlySpan<float> table, Vector256<int> at)
    {
        ref var first = ref MemoryMarshal.GetReference(table);
        if (Avx2.IsSupported)
        {
            fixed (float* start = &first) return Avx2.GatherVector256(start, at, sizeof(float));
        }

        return Vector256.Create(table[at[0]], table[at[1]], table[at[2]], table[at[3]], table[at[4]], table[at[5]], table[at[6]], table[at[7]]);
    }

    /// <summary>Values behind <paramref name="first"/>, at offsets from 0 to 7; eight values must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Near(ref float first, Vector256<int> offsets) => Vector256.ShuffleNative(Vector256.LoadUnsafe(ref first), offsets);

    /// <summary>Each value held to [low, high].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Clamp(Vector256<float> value, float low, float high) =>
        Vector256.Min(Vector256.Max(value, Vector256.Create(low)), Vector256.Create(high));

    /// <summary>Sum of the eight, in an order that does not depend on the machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> values)
    {
        var four = values.GetLower() + values.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }
}
