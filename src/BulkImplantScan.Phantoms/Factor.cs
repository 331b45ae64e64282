namespace BulkImplantScan.Phantoms;

/// <summary>The one thing in which the two films of a <see cref="Counterfactual"/> pair differ.</summary>
public enum Factor
{
    /// <summary>The letter of the marker is that of the other side.</summary>
    MarkerSide,

    /// <summary>A marker is there, then not.</summary>
    MarkerRemoved,

    /// <summary>The marker lies elsewhere round the film.</summary>
    MarkerMoved,

    /// <summary>No edge of a collimator on the film, then all four.</summary>
    Collimation,

    /// <summary>The same exposure with the processing of another machine.</summary>
    Look,

    /// <summary>The same exposure on a detector with pixels a third larger.</summary>
    Pitch,

    /// <summary>The other hip: anatomy and device are the mirror image, the marker says so.</summary>
    Mirrored,

    /// <summary>Bones of another age: of 35 years where the patient is above 60, else of 85.</summary>
    Age,

    /// <summary>The next design of the catalogue in its place, of the same material: the answer must follow.</summary>
    DeviceSwapped,

    /// <summary>No device: the answer must be "no implant"; also the film for tests of the background alone.</summary>
    DeviceErased,

    /// <summary>The device alone on even ground: the answer must hold.</summary>
    MetalOnly,
}
