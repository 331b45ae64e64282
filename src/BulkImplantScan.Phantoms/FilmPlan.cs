namespace BulkImplantScan.Phantoms;

/// <summary>All that decides one film: the same plan gives the same pixels.</summary>
public sealed record FilmPlan
{
    /// <summary>Decides patient, pose, exposure, marker, place of the device: everything that is not named below.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Hardware of the hip that the film is about.</summary>
    public required Design Design { get; init; }

    /// <summary>Hip or pelvis.</summary>
    public View View { get; init; }

    /// <summary>Hardware of the other hip; seen on pelvis films only.</summary>
    public Design OtherDesign { get; init; }

    /// <summary>Long side of the film, 64 to 4000 pixels; null for 2000 to 3000 as the machine has it. The physics
    /// does not change: 512 is the same exposure on a coarser detector.</summary>
    public int? LongSidePixels { get; init; }

    /// <summary>The generator unless said otherwise.</summary>
    public const PhantomEdition UsualEdition = PhantomEdition.Second;

    /// <summary>Which generator.</summary>
    public PhantomEdition Edition { get; init; } = UsualEdition;

    /// <summary>What shall not be as the seed has it.</summary>
    public Nuisances Nuisances { get; init; } = Nuisances.AsDrawn;

    /// <summary>Hardware that was taken out before: its tracks are seen (second edition, and only without a device).</summary>
    internal Design Removed { get; init; }

    /// <summary>Seed of the operation, so that all films of one implant show the same one; null: of the film.</summary>
    internal ulong? OperationSeed { get; init; }

    /// <summary>Seed of the operation on the other side.</summary>
    internal ulong? OtherOperationSeed { get; init; }

    /// <summary>Who; null for somebody of this seed.</summary>
    internal Subject? Subject { get; init; }
}
