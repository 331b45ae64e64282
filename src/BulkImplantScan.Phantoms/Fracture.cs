namespace BulkImplantScan.Phantoms;

/// <summary>Where the hip that a film is about is broken.</summary>
public enum Fracture
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Through the neck: what screws and neck bolts are put in for.</summary>
    Neck,

    /// <summary>Through the trochanters: what plates and nails are put in for.</summary>
    Trochanter,
}
