namespace BulkImplantScan.Dicom.Deflate;

/// <summary>Why <see cref="Inflater.Inflate"/> stopped.</summary>
internal enum InflateStatus
{
    /// <summary>There is no room for more: the stream may go on.</summary>
    Full,

    /// <summary>The last block is over.</summary>
    Ended,

    /// <summary>The bytes end before the last block does. What came before stands.</summary>
    Truncated,

    /// <summary>The bytes are no deflated stream from here on. What came before stands.</summary>
    Corrupt,
}
