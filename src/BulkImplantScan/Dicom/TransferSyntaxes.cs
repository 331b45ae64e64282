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

    /// <summary>Encapsulated uncompressed explicit VR little endian: frames as they are, in fragments.</summary>
    public const string EncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";

    /// <summary>Deflated image frame compression: each frame deflated by itself.</summary>
    public const string DeflatedImageFrame = "1.2.840.10008.1.2.8.1";

    /// <summary>JPIP referenced deflate (retired): a deflated data set whose pixels lie elsewhere.</summary>
    public const string JpipReferencedDeflate = "1.2.840.10008.1.2.4.95";

    /// <summary>JPIP HTJ2K referenced deflate: likewise.</summary>
    public const string JpipHtj2kReferencedDeflate = "1.2.840.10008.1.2.4.205";

    /// <summary>JPEG baseline, process 1: 8 bits.</summary>
    public const string JpegBaseline = "1.2.840.10008.1.2.4.50";

    /// <summary>JPEG extended, processes 2 and 4: 8 and 12 bits.</summary>
    public const string JpegExtended = "1.2.840.10008.1.2.4.51";

    /// <summary>JPEG spectral selection, processes 6 and 8 (retired).</summary>
    public const string JpegSpectralSelection = "1.2.840.10008.1.2.4.53";

    /// <summary>JPEG full progression, processes 10 and 12 (retired).</summary>
    public const string JpegFullProgression = "1.2.840.10008.1.2.4.55";

    /// <summary>JPEG-LS lossless.</summary>
    public const string JpegLsLossless = "1.2.840.10008.1.2.4.80";

    /// <summary>JPEG-LS near-lossless.</summary>
    public const string JpegLsNearLossless = "1.2.840.10008.1.2.4.81";

    /// <summary>JPEG 2000, lossless only.</summary>
    public const string Jpeg2000Lossless = "1.2.840.10008.1.2.4.90";

    /// <summary>JPEG 2000.</summary>
    public const string Jpeg2000 = "1.2.840.10008.1.2.4.91";

    /// <summary>JPEG XL, lossless.</summary>
    public const string JpegXlLossless = "1.2.840.10008.1.2.4.110";

    /// <summary>JPEG XL, from JPEG streams.</summary>
    public const string JpegXlRecompression = "1.2.840.10008.1.2.4.111";

    /// <summary>JPEG XL.</summary>
    public const string JpegXl = "1.2.840.10008.1.2.4.112";

    /// <summary>High-throughput JPEG 2000, lossless only.</summary>
    public const string Htj2kLossless = "1.2.840.10008.1.2.4.201";

    /// <summary>High-throughput JPEG 2000, lossless only, resolution by resolution.</summary>
    public const string Htj2kLosslessRpcl = "1.2.840.10008.1.2.4.202";

    /// <summary>High-throughput JPEG 2000.</summary>
    public const string Htj2k = "1.2.840.10008.1.2.4.203";

    /// <summary>Explicit VR big endian (retired).</summary>
    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";

    /// <summary>JPEG lossless, process 14, any selection value.</summary>
    public const string JpegLossless = "1.2.840.10008.1.2.4.57";

    /// <summary>JPEG lossless, process 14, selection value 1: the lossless JPEG of most archives.</summary>
    public const string JpegLosslessSv1 = "1.2.840.10008.1.2.4.70";

    /// <summary>JPEG 2000 part 2 (multi-component transformations), lossless only.</summary>
    public const string Jpeg2000Part2Lossless = "1.2.840.10008.1.2.4.92";

    /// <summary>JPEG 2000 part 2 (multi-component transformations).</summary>
    public const string Jpeg2000Part2 = "1.2.840.10008.1.2.4.93";

    /// <summary>RLE lossless (PS3.5 annex G).</summary>
    public const string Rle = "1.2.840.10008.1.2.5";

    // Interned so that a header parse allocates nothing for them; in words for people.
    private static readonly (string Uid, string Words)[] Known =
    [
        (ImplicitLittleEndian, "implicit VR little endian"), (ExplicitLittleEndian, "explicit VR little endian"),
        (DeflatedLittleEndian, "deflated"), (ExplicitBigEndian, "explicit VR big endian"),
        (JpegLossless, "JPEG lossless"), (JpegLosslessSv1, "JPEG lossless SV1"), (Rle, "RLE lossless"),
        (JpegBaseline, "JPEG baseline"), (JpegExtended, "JPEG extended"), (JpegSpectralSelection, "JPEG spectral selection"),
        (JpegFullProgression, "JPEG full progression"), (JpegLsLossless, "JPEG-LS lossless"), (JpegLsNearLossless, "JPEG-LS near-lossless"),
        (Jpeg2000Lossless, "JPEG 2000 lossless"), (Jpeg2000, "JPEG 2000"), (Jpeg2000Part2Lossless, "JPEG 2000 part 2 lossless"),
        (Jpeg2000Part2, "JPEG 2000 part 2"), (Htj2kLossless, "HTJ2K lossless"),
        (Htj2kLosslessRpcl, "HTJ2K lossless RPCL"), (Htj2k, "HTJ2K"), (JpegXlLossless, "JPEG XL lossless"),
        (JpegXlRecompression, "JPEG XL recompression"), (JpegXl, "JPEG XL"), (EncapsulatedUncompressed, "encapsulated uncompressed"),
        (DeflatedImageFrame, "deflated image frame"), (JpipReferencedDeflate, "JPIP referenced deflate"),
        (JpipHtj2kReferencedDeflate, "JPIP HTJ2K referenced deflate"),
    ];

    /// <summary>Pixels lie in the file as they are.</summary>
    public static bool IsNative(string? transferSyntax) => transferSyntax is
        ImplicitLittleEndian or ExplicitLittleEndian or DeflatedLittleEndian or ExplicitBigEndian;

    /// <summary>Everything behind the file meta information is deflated.</summary>
    internal static bool IsDeflatedDataSet(string? transferSyntax) => transferSyntax is
        DeflatedLittleEndian or JpipReferencedDeflate or JpipHtj2kReferencedDeflate;

    /// <summary>Of JPEG-LS and of what the system's libraries decode: samples may differ from those that were encoded, and overshoot what Bits
    /// Stored allows. In the other JPEG processes the stream tells (<see cref="Codecs.PixelCodec.IsLossy"/>).</summary>
    internal static bool IsLossy(string? transferSyntax) => transferSyntax is
        JpegLsNearLossless or Jpeg2000 or Jpeg2000Part2 or Htj2k or JpegXlRecompression or JpegXl;

    /// <summary>The transfer syntax in words; the UID itself where the engine has none.</summary>
    internal static string InWords(string transferSyntax)
    {
        foreach (var (uid, words) in Known)
            if (uid == transferSyntax) return words;
        return transferSyntax;
    }

    /// <summary>The UID as text, without padding; null when empty or longer than a UID can be.</summary>
    internal static string? FromBytes(ReadOnlySpan<byte> value)
    {
        value = value.Trim("\0 "u8);
        foreach (var (uid, _) in Known)
            if (Ascii.Equals(value, uid)) return uid;
        return value.Length is 0 or > 64 ? null : Encoding.Latin1.GetString(value);
    }
}
