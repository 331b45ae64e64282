namespace BulkImplantScan.Pictures;

/// <summary>One entry of a TIFF directory, whose values are known to lie in the file.</summary>
/// <param name="Tag">Tag.</param>
/// <param name="Type">1 to 12 (TIFF 6.0 p. 15).</param>
/// <param name="Count">Values.</param>
/// <param name="Offset">Of the first.</param>
internal readonly record struct TiffField(int Tag, int Type, uint Count, long Offset)
{
    /// <summary>Bytes of a value; 0 for a type that is not known.</summary>
    public static int BytesOf(int type) => type switch
    {
        1 or 2 or 6 or 7 => 1,
        3 or 8 => 2,
        4 or 9 or 11 => 4,
        5 or 10 or 12 => 8,
        _ => 0,
    };
}
