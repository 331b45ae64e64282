using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>Exponential of eight floats, by a polynomial of our own: the same bits on every machine.</summary>
internal static class Exp
{
    /// <summary>e^x, relative error below 3e-6, for x in [−87, 87]; clamped outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        var scaled = Vector256.Min(Vector256.Max(x * 1.44269504f, Vector256.Create(-125f)), Vector256.Create(125f));
        var whole = Vector256.Floor(scaled);
        var part = scaled - whole;
        // 2^part on [0, 1), minimax of degree 5. No fused operations: those differ from machine to machine.
        var power = part * 1.8775767e-3f + Vector256.Create(8.9893397e-3f);
        power = power * part + Vector256.Create(5.5826318e-2f);
        power = power * part + Vector256.Create(2.4015361e-1f);
        power = power * part + Vector256.Create(6.9315308e-1f);
        power = power * part + Vector256.Create(0.99999994f);
        return power * ((Vector256.ConvertToInt32(whole) + Vector256.Create(127)) << 23).AsSingle();
    }
}
