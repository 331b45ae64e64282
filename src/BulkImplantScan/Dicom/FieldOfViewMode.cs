namespace BulkImplantScan.Dicom;

/// <summary>What a film's field of view is looked for in; <c>--field-of-view</c>.</summary>
public enum FieldOfViewMode
{
    /// <summary>The whole film, always.</summary>
    Off,

    /// <summary>The header: shutter, collimator, padding.</summary>
    Header,

    /// <summary>The header, then the image inside what the header left.</summary>
    Auto,
}
