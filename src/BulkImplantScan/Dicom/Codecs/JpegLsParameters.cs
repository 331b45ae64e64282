using System.Numerics;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The coding parameters of a JPEG-LS scan (ITU-T T.87 A.2.1, C.2.4.1.1), as given or by default.</summary>
/// <param name="MaxValue">MAXVAL: largest sample.</param>
/// <param name="T1">First gradient threshold.</param>
/// <param name="T2">Second.</param>
/// <param name="T3">Third.</param>
/// <param name="Reset">RESET: a context's sums are halved at this count.</param>
/// <param name="Near">NEAR: largest error of a sample; 0 is lossless.</param>
internal readonly record struct JpegLsParameters(int MaxValue, int T1, int T2, int T3, int Reset, int Near)
{
    /// <summary>Distance of two quantised errors.</summary>
    public int Step => 2 * Near + 1;

    /// <summary>RANGE: quantised errors that there are.</summary>
    public int Range => (MaxValue + 2 * Near) / Step + 1;

    /// <summary>qbpp: bits of a quantised error.</summary>
    public int ErrorBits => BitsFor(Range);

    /// <summary>LIMIT: longest code.</summary>
    public int Limit
    {
        get
        {
            var sampleBits = Math.Max(2, BitsFor(MaxValue + 1));
            return 2 * (sampleBits + Math.Max(8, sampleBits));
        }
    }

    /// <summary>What holds when no LSE segment says otherwise; a 0 in one means the same.</summary>
    /// <param name="maxValue">MAXVAL.</param>
    /// <param name="near">NEAR.</param>
    public static JpegLsParameters Default(int maxValue, int near)
    {
        int t1, t2, t3;
        if (maxValue >= 128)
        {
            var factor = (Math.Min(maxValue, 4095) + 128) / 256;
            (t1, t2, t3) = (factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near);
        }
        else
        {
            var factor = 256 / (maxValue + 1);
            (t1, t2, t3) = (Math.Max(2, 3 / factor + 3 * near), Math.Max(3, 7 / factor + 5 * near), Math.Max(4, 21 / factor + 7 * near));
        }

        t1 = Within(t1, near + 1, maxValue);
        t2 = Within(t2, t1, maxValue);
        return new(maxValue, t1, t2, Within(t3, t2, maxValue), 64, near);

        static int Within(int value, int least, int most) => value > most || value < least ? least : value;
    }

    /// <summary>False for what no encoder may write (C.2.4.1.1), so that all that follows from it stays within its bounds.</summary>
    public bool IsAllowed =>
        MaxValue is > 0 and <= 65535 && Near >= 0 && Near <= Math.Min(255, MaxValue / 2)
        && T1 > Near && T1 <= T2 && T2 <= T3 && T3 <= MaxValue && Reset >= 3 && Reset <= Math.Max(255, MaxValue);

    private static int BitsFor(int values) => 32 - BitOperations.LeadingZeroCount((uint)values - 1);
}
