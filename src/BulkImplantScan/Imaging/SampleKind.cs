namespace BulkImplantScan.Imaging;

/// <summary>Type of one stored sample, as it lies in memory (little endian).</summary>
public enum SampleKind : short
{
    /// <summary>Unsigned, one byte.</summary>
    U8,

    /// <summary>Signed, one byte.</summary>
    S8,

    /// <summary>Unsigned, two bytes: nearly every radiograph.</summary>
    U16,

    /// <summary>Signed, two bytes.</summary>
    S16,

    /// <summary>Unsigned, four bytes; scaled to <see cref="U16"/> before it is shown.</summary>
    U32,

    /// <summary>Signed, four bytes; likewise.</summary>
    S32,

    /// <summary>Floating point of four bytes; likewise.</summary>
    F32,

    /// <summary>Floating point of eight bytes; likewise.</summary>
    F64,
}
