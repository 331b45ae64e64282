namespace BulkImplantScan.Decoder;

/// <summary>What a stream of compressed pixels is, and so which library reads it.</summary>
internal enum CodecFormat
{
    /// <summary>ISO/IEC 14495: CharLS.</summary>
    JpegLs = 1,

    /// <summary>ISO/IEC 15444-1 and -15 (HTJ2K), a bare codestream: OpenJPEG.</summary>
    Jpeg2000 = 2,

    /// <summary>ISO/IEC 18181, a bare codestream or in boxes: libjxl.</summary>
    JpegXl = 3,

    /// <summary>No format of a film: a test asks the process to misbehave. Answered only where it was started to allow it.</summary>
    Sabotage = 255,
}
