using System.Runtime.CompilerServices;

namespace BulkImplantScan.Imaging;

/// <summary>Eight neighbouring samples of 16 bits, as one load of 16 bytes brings them.</summary>
/// <param name="A">Samples 0 (low half) and 1.</param>
/// <param name="B">Samples 2 and 3.</param>
/// <param name="C">Samples 4 and 5.</param>
/// <param name="D">Samples 6 and 7.</param>
public readonly record struct EightWords(uint A, uint B, uint C, uint D)
{
    /// <summary>Eight samples of 8 bits, each extended to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static EightWords Of(EightBytes bytes, bool isSigned) =>
        new(Pair(bytes.A, isSigned), Pair(bytes.A >> 16, isSigned), Pair(bytes.B, isSigned), Pair(bytes.B >> 16, isSigned));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pair(uint bytes, bool isSigned)
    {
        var pair = bytes & 0xFFu | (bytes & 0xFF00u) << 8;
        return isSigned ? pair | (pair & 0x0080_0080u) * 0x1FE : pair; // 80h · 1FEh = FF00h: the sign, spread over the upper byte
    }
}
