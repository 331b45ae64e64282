namespace BulkImplantScan.Training;

/// <summary>What a film is shown as in an epoch.</summary>
internal enum DrawnAs
{
    /// <summary>Itself, augmented.</summary>
    Film,

    /// <summary>Another body part (<see cref="DrawnOther"/>).</summary>
    Other,

    /// <summary>A hip with metal of no catalogue (<see cref="DrawnHardware"/>).</summary>
    Hardware,

    /// <summary>Its metal on even ground (<see cref="MetalAlone"/>).</summary>
    Metal,
}
