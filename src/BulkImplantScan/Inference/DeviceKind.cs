namespace BulkImplantScan.Inference;

/// <summary>What a class of a model stands for.</summary>
/// <remarks>Written to model.json in lower case.</remarks>
public enum DeviceKind
{
    /// <summary>An implant of the catalogue: manufacturer and model are known.</summary>
    Device,

    /// <summary>A hip without an implant.</summary>
    None,

    /// <summary>Hardware outside the catalogue, where a model was trained to say so.</summary>
    Unknown,

    /// <summary>A film that shows no hip, where a model was trained to say so.</summary>
    Other,
}
