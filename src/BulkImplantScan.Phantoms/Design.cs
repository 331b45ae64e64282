namespace BulkImplantScan.Phantoms;

/// <summary>What hardware a phantom carries. Generic designs, no trade names; dimensions in docs/phantoms.md.</summary>
public enum Design
{
    /// <summary>Plain hip: native, fractured, or with old screw tracks.</summary>
    None,

    /// <summary>Parallel cannulated screws.</summary>
    D1,

    /// <summary>Sliding hip screw with side plate.</summary>
    D2,

    /// <summary>Short nail with a helical blade.</summary>
    D3,

    /// <summary>Short nail with a single lag screw.</summary>
    D4,

    /// <summary>Short nail with integrated twin screws.</summary>
    D5,

    /// <summary>Neck bolt with diverging screw and a small plate.</summary>
    D6,

    /// <summary>Unknown hardware, training set: 95° condylar screw and plate.</summary>
    CondylarScrew,

    /// <summary>Unknown hardware, training set: proximal locking plate, screws at 95°, 120° and 135°.</summary>
    LockingPlate,

    /// <summary>Unknown hardware, training set: cerclage wires.</summary>
    Cerclage,

    /// <summary>Unknown hardware, training set: hemiarthroplasty.</summary>
    Hemiarthroplasty,

    /// <summary>Unknown hardware, test set: 95° blade plate.</summary>
    BladePlate,

    /// <summary>Unknown hardware, test set: nail with two separate screws.</summary>
    TwoScrewNail,

    /// <summary>Unknown hardware, test set: total arthroplasty.</summary>
    TotalArthroplasty,

    /// <summary>Unknown hardware, test set: flexible nails.</summary>
    FlexibleNails,

    /// <summary>Unknown hardware, training set, only where <see cref="PhantomOptions.Weights"/> asks for it: antegrade nail, with two equal
    /// thin screws into the neck or one oblique bolt to the lesser trochanter.</summary>
    AntegradeNail,
}
