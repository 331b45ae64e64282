namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Where the system's codec libraries (JPEG-LS, JPEG 2000, JPEG XL) run.</summary>
public enum NativeCodecMode
{
    /// <summary>In processes of ours: a crash, a hang or a memory bomb costs one film.</summary>
    Isolated,

    /// <summary>In this process: some microseconds a film less, and a crash ends the scan.</summary>
    InProcess,

    /// <summary>Nowhere: such films get <see cref="Results.Reason.UnsupportedTransferSyntax"/>.</summary>
    Off,
}
