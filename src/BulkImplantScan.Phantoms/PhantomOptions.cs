namespace BulkImplantScan.Phantoms;

/// <summary>What <see cref="PhantomArchive.Write"/> writes.</summary>
public sealed record PhantomOptions
{
    /// <summary>What <see cref="UnknownShare"/> is unless somebody says otherwise.</summary>
    public const double UsualUnknownShare = 0.08;

    /// <summary>Films, 1 to 1,000,000, without the broken ones.</summary>
    public required int Count { get; init; }

    /// <summary>Folder to write into; made when missing, must be empty when it is there.</summary>
    public required string OutFolder { get; init; }

    /// <summary>Same seed, same bytes; whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Long side of each film, 64 to 4000 pixels; null for 2000 to 3000 as the machines have it.</summary>
    public int? LongSidePixels { get; init; }

    /// <summary>Whether to write <c>masks/NNNNNN.png</c> (as <see cref="PhantomHip.Mask"/>) and <c>masks/NNNNNN-elements.png</c>: head
    /// element in red, nail or plate in green, screws in blue, also where one lies behind another. On a pelvis, one pair a hip:
    /// <c>NNNNNN-L.png</c>.</summary>
    public bool Masks { get; init; }

    /// <summary>Deliberately broken files on top of <see cref="Count"/>, 0 to 10,000; kinds in turn.</summary>
    public int Broken { get; init; }

    /// <summary>Share of films without hardware, 0 to 1.</summary>
    public double NoneShare { get; init; } = 0.15;

    /// <summary>Share of films with hardware outside the catalogue, 0 to 1.</summary>
    public double UnknownShare { get; init; } = UsualUnknownShare;

    /// <summary>How often a design is drawn beside the others of its group (catalogue, or unknown hardware), 0 to 1000; 1 for one that is
    /// not named, 0 for one of <see cref="Designs.TrainingUnknownOnRequest"/>. Empty: all alike, and the bytes that archives always had.</summary>
    public IReadOnlyDictionary<Design, double> Weights { get; init; } = new Dictionary<Design, double>();

    /// <summary>World that patients and unknown hardware come from.</summary>
    public PhantomSet Set { get; init; } = PhantomSet.Test;

    /// <summary>Hips, pelves or both.</summary>
    public ViewChoice View { get; init; } = ViewChoice.Hip;

    /// <summary>Which generator.</summary>
    public PhantomEdition Edition { get; init; } = FilmPlan.UsualEdition;

    /// <summary>Share of films, by factor of <see cref="Phantoms.Confounding.Factors"/>, on which the nuisance goes with the label.</summary>
    public IReadOnlyDictionary<string, double> Confounding { get; init; } = new Dictionary<string, double>();

    /// <summary>Threads; 0 for one per core. Does not change the bytes.</summary>
    public int Threads { get; init; }
}
