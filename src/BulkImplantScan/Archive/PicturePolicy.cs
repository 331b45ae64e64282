namespace BulkImplantScan.Archive;

/// <summary>Which PNG, JPEG and TIFF files are films.</summary>
public enum PicturePolicy
{
    /// <summary>None: a DICOM archive often holds previews of its own films as pictures.</summary>
    Off,

    /// <summary>Those that the sidecar lists.</summary>
    Listed,

    /// <summary>All of at least 256 pixels on both sides, and those that the sidecar lists.</summary>
    All,
}
