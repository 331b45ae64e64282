using System.Globalization;
using System.Numerics;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>UIDs from random bits under the root for UUIDs (PS3.5 annex B.2): no registration, no clash, same seed same UID.</summary>
internal static class Uids
{
    /// <summary>This writer.</summary>
    public const string Implementation = "2.25.218463529187652309876123409871234567";

    /// <summary>A UID of 122 random bits from a draw.</summary>
    public static string Next(Draw draw)
    {
        // Version 4 and variant bits of a UUID, as the annex asks.
        var high = (draw.Next() & 0xFFFFFFFFFFFF0FFF) | 0x4000;
        var low = (draw.Next() & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000;
        return "2.25." + ((new BigInteger(high) << 64) + low).ToString(CultureInfo.InvariantCulture);
    }
}
