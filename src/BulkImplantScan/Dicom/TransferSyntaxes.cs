using System.Text;

namespace BulkImplantScan.Dicom;

/// <summary>Transfer syntax UIDs (PS3.6 table A-1) that the engine names.</summary>
public static class TransferSyntaxes
{
    /// <summary>Implicit VR little endian: the default of the standard.</summary>
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";

    /// <summary>Explicit VR little endian.</summary>
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    /// <summary>Deflated explicit VR little endian: zlib's raw deflate over the whole data set.</summary>
    public const string DeflatedLittleEndian = "1.2.840.10008.1.2.1.99";

    /// <summary>Explicit VR big endian (retired).</summary>
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";

    /// <summary>JPEG lossless, process 14, any selection value.</summary>
    public const string JpegLossless = "1.2.840.10008.1.2.4.57";

    /// <summary>JPEG lossless, process 14, selection value 1: the lossless JPEG of most archives.</summary>
    public const string JpegLosslessSv1 = "1.2.840.10008.1.2.4.70";

    /// <summary>RLE lossless (PS3.5 annex G).</summary>
    public const string Rle = "1.2.840.10008.1.2.5";

    /// <summary>JPEG-LS lossless.</summary>
    public const string JpegLsLossless = "1.2.840.10008.1.2.4.80";

    /// <summary>JPEG-LS near-lossless.</summary>
    public const string JpegLsNearLossless = "1.2.840.10008.1.2.4.81";

    /// <summary>JPEG 2000, lossless only.</summary>
    public const string Jpeg2000Lossless = "1.2.840.10008.1.2.4.90";

    /// <summary>JPEG 2000, lossless or lossy.</summary>
    public const string Jpeg2000 = "1.2.840.10008.1.2.4.91";

    /// <summary>JPEG 2000 part 2 (multi-component transformations), lossless only.</summary>
    public const string Jpeg2000Part2Lossless = "1.2.840.10008.1.2.4.92";

    /// <summary>JPEG 2000 part 2 (multi-component transformations).</summary>
    public const string Jpeg2000Part2 = "1.2.840.10008.1.2.4.93";

    /// <summary>JPEG XL, lossless only.</summary>
    public const string JpegXlLossless = "1.2.840.10008.1.2.4.110";

    /// <summary>JPEG XL that was a JPEG.</summary>
    public const string JpegXlJpegRecompression = "1.2.840.10008.1.2.4.111";

    /// <summary>JPEG XL.</summary>
    public const string JpegXl = "1.2.840.10008.1.2.4.112";

    /// <summary>HTJ2K, lossless only.</summary>
    public const string Htj2kLossless = "1.2.840.10008.1.2.4.201";

    /// <summary>HTJ2K, lossless only, resolution by resolution.</summary>
    public const string Htj2kLosslessRpcl = "1.2.840.10008.1.2.4.202";

    /// <summary>HTJ2K, lossless or lossy.</summary>
    public const string Htj2k = "1.2.840.10008.1.2.4.203";

    // Interned so that a header parse allocates nothing for them.
    private static readonly string[] Known =
    [
        ImplicitLittleEndian, ExplicitLittleEndian, DeflatedLittleEndian, ExplicitBigEndian, JpegLossless, JpegLosslessSv1, Rle,
        "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", JpegLsLossless, JpegLsNearLossless, Jpeg2000Lossless, Jpeg2000,
        Jpeg2000Part2Lossless, Jpeg2000Part2, JpegXlLossless, JpegXlJpegRecompression, JpegXl, Htj2kLossless, Htj2kLosslessRpcl, Htj2k,
    ];

    /// <summary>Pixels lie in the file as they are.</summary>
    public static bool IsNative(string? transferSyntax) => transferSyntax is
        ImplicitLittleEndian or ExplicitLittleEndian or DeflatedLittleEndian or ExplicitBigEndian;

    /// <summary>The UID as text, without padding; null when empty or longer than a UID can be.</summary>
    internal static string? FromBytes(ReadOnlySpan<byte> value)
    {
        value = value.Trim("\0 "u8);
        foreach (var uid in Known)
            if (Ascii.Equals(value, uid)) return uid;
        return value.Length is 0 or > 64 ? null : Encoding.Latin1.GetString(value);
    }
}
