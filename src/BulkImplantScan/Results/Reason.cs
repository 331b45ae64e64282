namespace BulkImplantScan.Results;

/// <summary>Why a film has its status: the closed list that rows, reports and scripts share.</summary>
/// <remarks>Written to Parquet in snake case (<c>UnsupportedTransferSyntax</c> → <c>unsupported_transfer_syntax</c>).
/// Adding one is a change of the public API: document it in docs/rows.md.</remarks>
public enum Reason
{
    /// <summary>Nothing to explain: identified, or none.</summary>
    None = 0,

    // Abstained

    /// <summary>The largest probability is below the model's threshold.</summary>
    LowConfidence,

    /// <summary>An out-of-distribution score is above the model's threshold.</summary>
    OutOfDistribution,

    /// <summary>The network's answer is its class for hardware outside the catalogue.</summary>
    UnknownHardware,

    /// <summary>The network's answer is its class for films that show no hip.</summary>
    NotAHip,

    /// <summary>Logits, feature map or gradient were not finite.</summary>
    NotFinite,

    // Rejected

    /// <summary>Neither a DICOM preamble nor a data set that reads as DICOM.</summary>
    NotDicom,

    /// <summary>A file of no bytes.</summary>
    EmptyFile,

    /// <summary>A DICOMDIR: a list of files, itself no film.</summary>
    Dicomdir,

    /// <summary>DICOM without pixel data (a report, a plan).</summary>
    NoPixelData,

    /// <summary>A modality other than CR, DX, RG, XR or RF.</summary>
    NotARadiograph,

    /// <summary>The header names a body part that is not the hip, pelvis or femur.</summary>
    WrongBodyPart,

    /// <summary>The header names a view that the model is not made for (a lateral, say).</summary>
    WrongView,

    /// <summary>Colour pixels, where <c>triage.json</c> says that those are no films.</summary>
    NotGrayscale,

    /// <summary>Presentation Intent Type FOR PROCESSING: raw detector values, not a film that is read.</summary>
    ForProcessing,

    // Failed

    /// <summary>The operating system refused to open or read the file.</summary>
    UnreadableFile,

    /// <summary>The operating system refused to list the folder; how many films it holds is not known.</summary>
    UnreadableFolder,

    /// <summary>The file is not what the index saw: another size, or gone.</summary>
    ChangedSinceIndex,

    /// <summary>The data set cannot be parsed; the row says at which byte.</summary>
    MalformedDataSet,

    /// <summary>An attribute that decoding needs is missing or contradicts another (named in the detail).</summary>
    MissingAttribute,

    /// <summary>A DICOMDIR or a sidecar lists the file, and it is not there.</summary>
    MissingFile,

    /// <summary>A zip, tar or 7z breaks off, is encrypted or damaged; how many films it holds is not known.</summary>
    DamagedArchive,

    /// <summary>A zip, tar or 7z unpacks to more than the limits allow (a bomb), or is nested too deeply.</summary>
    Limits,

    /// <summary>The file, or Number of Frames, is above the limit.</summary>
    TooLarge,

    /// <summary>The header is longer than 64 MiB.</summary>
    HeaderTooLarge,

    /// <summary>Sequences are nested deeper than 32 levels.</summary>
    NestingTooDeep,

    /// <summary>More than 20,000 rows or columns.</summary>
    DimensionsTooLarge,

    /// <summary>One decoded frame would take more than 1 GiB.</summary>
    DecodedTooLarge,

    /// <summary>No decoder for the transfer syntax (its UID is in the detail).</summary>
    UnsupportedTransferSyntax,

    /// <summary>Bits Allocated, Bits Stored or Samples per Pixel that no film has.</summary>
    UnsupportedPixelFormat,

    /// <summary>Fewer bytes of pixel data than the header promises.</summary>
    TruncatedPixelData,

    /// <summary>The compressed bytes do not decode.</summary>
    CorruptPixelData,

    /// <summary>A decoder process died at the film; it was replaced.</summary>
    DecoderCrashed,

    /// <summary>A decoder process took too long for the film; it was replaced.</summary>
    DecoderTimeout,

    /// <summary>A decoder process wanted more memory for the film than the limit; it was replaced.</summary>
    DecoderMemory,

    /// <summary>The header promises more frames than the pixel data holds.</summary>
    MissingFrame,

    /// <summary>All pixels, or all but a few, have one value; or lie outside what Bits Stored allows; or pixel data is far too long.</summary>
    ImplausiblePixels,
}
