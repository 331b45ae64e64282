namespace BulkImplantScan.Pictures;

/// <summary>Kinds of picture file that a PACS exports films as.</summary>
internal enum PictureFormat
{
    /// <summary>PNG, 3rd edition (W3C 2025).</summary>
    Png,

    /// <summary>JPEG with DCT, 8 or 12 bits (ITU-T T.81).</summary>
    Jpeg,

    /// <summary>TIFF 6.0.</summary>
    Tiff,
}
