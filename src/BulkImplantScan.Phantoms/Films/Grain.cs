using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>White noise by place: mean 0, standard deviation 1, a function of seed, row and column alone.</summary>
internal static class Grain
{
    /// <summary>Fills a row.</summary>
    /// <remarks>Sum of the four bytes of a 32-bit hash: close to normal up to three standard deviations, and cheap.</remarks>
    public static void Fill(Span<float> row, ulong seed, int rowNumber)
    {
        var key = (uint)Draw.Mix(seed ^ ((ulong)(uint)rowNumber << 32));
        var lanes = Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);
        Span<float> rest = stackalloc float[8];
        for (var x = 0; x < row.Length; x += 8)
        {
            var value = Hash(Vector256.Create((uint)x) + lanes, key);
            if (row.Length - x >= 8) value.CopyTo(row[x..]);
            else
            {
                value.CopyTo(rest);
                rest[..(row.Length - x)].CopyTo(row[x..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Hash(Vector256<uint> x, uint key)
    {
        x = (x + Vector256.Create(key)) * 0x9E3779B1u;
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15)) * 0x846CA68Bu;
        x ^= x >> 16;
        var mask = Vector256.Create(255u);
        var sum = (x & mask) + ((x >> 8) & mask) + ((x >> 16) & mask) + (x >> 24);
        // Four uniform bytes: mean 510, variance 4 · (256² − 1) / 12.
        return (Vector256.ConvertToSingle(sum.AsInt32()) - Vector256.Create(510f)) * 0.006765922f;
    }
}
