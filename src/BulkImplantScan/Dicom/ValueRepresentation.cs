namespace BulkImplantScan.Dicom;

/// <summary>Value representations (PS3.5 §6.2) as the two letters of the file in one number; only those that reading must tell apart.</summary>
internal static class ValueRepresentation
{
    public const ushort None = 0;
    public const ushort CS = 'C' << 8 | 'S';
    public const ushort DA = 'D' << 8 | 'A';
    public const ushort AS = 'A' << 8 | 'S';
    public const ushort DS = 'D' << 8 | 'S';
    public const ushort FD = 'F' << 8 | 'D';
    public const ushort FL = 'F' << 8 | 'L';
    public const ushort IS = 'I' << 8 | 'S';
    public const ushort LO = 'L' << 8 | 'O';
    public const ushort LT = 'L' << 8 | 'T';
    public const ushort OV = 'O' << 8 | 'V';
    public const ushort OW = 'O' << 8 | 'W';
    public const ushort PN = 'P' << 8 | 'N';
    public const ushort SH = 'S' << 8 | 'H';
    public const ushort SL = 'S' << 8 | 'L';
    public const ushort SQ = 'S' << 8 | 'Q';
    public const ushort SS = 'S' << 8 | 'S';
    public const ushort ST = 'S' << 8 | 'T';
    public const ushort UC = 'U' << 8 | 'C';
    public const ushort UI = 'U' << 8 | 'I';
    public const ushort UL = 'U' << 8 | 'L';
    public const ushort UN = 'U' << 8 | 'N';
    public const ushort US = 'U' << 8 | 'S';
    public const ushort UT = 'U' << 8 | 'T';

    // Two bytes of length follow these; four (after two reserved bytes) follow all others, also those of later editions.
    private const string ShortForms = "AEASATCSDADSDTFDFLISLOLTPNSHSLSSSTTMUIULUS";
    private const string LongForms = "OBODOFOLOVOWSQSVUCUNURUTUV";

    /// <summary>Length stands in two bytes beside the letters.</summary>
    public static bool IsShortForm(ushort vr) => Contains(ShortForms, vr);

    /// <summary>One of the standard's: what tells explicit from implicit data sets.</summary>
    public static bool IsKnown(ushort vr) => Contains(ShortForms, vr) || Contains(LongForms, vr);

    /// <summary>Two capital letters, as every present and future representation is.</summary>
    public static bool IsLetters(ushort vr) => (vr >> 8) is >= 'A' and <= 'Z' && (vr & 0xFF) is >= 'A' and <= 'Z';

    /// <summary>Text whose bytes are characters by Specific Character Set (PS3.5 §6.1.2.2).</summary>
    public static bool IsText(ushort vr) => vr is SH or LO or ST or LT or UC or UT or PN;

    /// <summary>A backslash in it is a character, not the end of a value.</summary>
    public static bool IsOneText(ushort vr) => vr is ST or LT or UT;

    private static bool Contains(string list, ushort vr)
    {
        for (var i = 0; i < list.Length; i += 2)
            if ((list[i] << 8 | list[i + 1]) == vr) return true;
        return false;
    }
}
