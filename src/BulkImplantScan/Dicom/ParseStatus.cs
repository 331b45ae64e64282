namespace BulkImplantScan.Dicom;

/// <summary>How parsing a header ended.</summary>
public enum ParseStatus
{
    /// <summary>The data set was read up to its Pixel Data, or to its end when it has none.</summary>
    Ok,

    /// <summary>The given prefix ends before Pixel Data: come back with more bytes.</summary>
    NeedMoreBytes,

    /// <summary>The data set is deflated: call <see cref="DicomReader.Inflate"/> and read on in what it gives.</summary>
    Deflated,

    /// <summary>Neither a preamble nor a data set that reads as DICOM.</summary>
    NotDicom,

    /// <summary>DICOM, but the elements do not add up.</summary>
    Malformed,

    /// <summary>More header than <see cref="DicomReader.MaxHeaderBytes"/>.</summary>
    HeaderTooLarge,

    /// <summary>Sequences nested deeper than <see cref="DicomReader.MaxDepth"/>.</summary>
    NestingTooDeep,

    /// <summary>A deflated data set of more than <see cref="DicomReader.MaxInflatedBytes"/>.</summary>
    InflatedTooLarge,
}
