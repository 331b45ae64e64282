namespace BulkImplantScan.Decoder;

/// <summary>How a codec ended.</summary>
internal enum CodecStatus
{
    /// <summary>Every cell was written.</summary>
    Decoded,

    /// <summary>The stream is damaged, or is not what the header says.</summary>
    Corrupt,

    /// <summary>The stream ends too early.</summary>
    Truncated,

    /// <summary>The library is not on this machine, or is of a version without what is needed.</summary>
    NoLibrary,

    /// <summary>The library wanted more memory than it may have.</summary>
    OutOfMemory,

    /// <summary>The shared memory could not be opened (of a decoder process only).</summary>
    NoRegion,
}
