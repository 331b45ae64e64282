namespace BulkImplantScan.Phantoms;

/// <summary>What a film has that says nothing about the device. Null leaves it to the seed; setting one leaves all others as they were.</summary>
public sealed record Nuisances
{
    /// <summary>Everything as the seed has it.</summary>
    public static Nuisances AsDrawn { get; } = new();

    /// <summary>Whether a lead letter is on the film.</summary>
    public bool? Marker { get; init; }

    /// <summary>Where it lies: 0 to 7, clockwise round the film from the upper left corner.</summary>
    public int? MarkerPlace { get; init; }

    /// <summary>Whether the letter is that of the other side.</summary>
    public bool WrongMarker { get; init; }

    /// <summary>Edges of the collimator on the film: the sum of 1 right, 2 lower, 4 left, 8 upper; 0 for none.</summary>
    public int? CollimatorEdges { get; init; }

    /// <summary>Machine, 0 to 4: pitch, bits, noise, look and header.</summary>
    public int? Machine { get; init; }

    /// <summary>Seed of the processing alone (enhancement, curve, window, polarity): another vendor's look of the same exposure.</summary>
    public ulong? LookSeed { get; init; }

    /// <summary><c>L</c> or <c>R</c>: the other hip, as its mirror image. The marker's letter goes with it.</summary>
    public char? Side { get; init; }

    /// <summary>Years, of bones: cortex and trabeculae. The device stays.</summary>
    public int? Age { get; init; }

    /// <summary>Whether the body is a woman's: size and fat.</summary>
    public bool? Female { get; init; }

    /// <summary>From slim, 0, to heavy, 1: depth of trunk and thigh.</summary>
    public double? Bulk { get; init; }

    /// <summary>Of the femoral neck out of the film's plane, −22 to 22 degrees. The device turns with it.</summary>
    public double? RotationDegrees { get; init; }

    /// <summary>From the least magnification of the view, 0, to its greatest, 1: distance of the hip from the detector.</summary>
    public double? Magnification { get; init; }

    /// <summary>Seed of tube voltage, charge, scatter, quanta and heel alone.</summary>
    public ulong? ExposureSeed { get; init; }

    /// <summary>Where the bone is broken.</summary>
    public Fracture? Fracture { get; init; }

    /// <summary>Seed of staples, clips, calibration ball, snaps and wire alone.</summary>
    public ulong? ClutterSeed { get; init; }

    /// <summary>Material of the device.</summary>
    public Metal? Metal { get; init; }

    /// <summary>True: no patient, marker, clutter or collimator; the device alone before 180 mm of even tissue.</summary>
    public bool FlatGround { get; init; }
}
