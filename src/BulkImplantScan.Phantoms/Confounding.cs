using System.Globalization;
using BulkImplantScan.Phantoms.Films;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms;

/// <summary>Nuisances that go with the label on request, so that the harm of a shortcut can be shown.</summary>
/// <remarks>On the given share of films (or of patients) the nuisance has the value that belongs to the label; on the others it is drawn as
/// ever. <see cref="Of"/> has those of one film; what all films of a patient share is kept by <see cref="TiedPatient"/>.</remarks>
public static class Confounding
{
    /// <summary>Drawn for each film: <c>marker</c> (present, its place by label), <c>machine</c>, <c>collimation</c> (which edges), <c>look</c>
    /// (processing), <c>exposure</c> (voltage, charge, scatter, noise, heel), <c>rotation</c> (of the femur), <c>magnification</c>, <c>age</c>
    /// (of the bones), <c>fracture</c> (of the neck with screws and neck bolts, of the trochanters with plates and nails, as surgeons have
    /// it), <c>clutter</c> (staples and the like), <c>material</c> (of the device), <c>compression</c> (transfer syntax).</summary>
    public static IReadOnlyList<string> OfFilm { get; } =
        ["marker", "machine", "collimation", "look", "exposure", "rotation", "magnification", "age", "fracture", "clutter", "material", "compression"];

    /// <summary>The same for all films of a patient: <c>side</c> (of the operation), <c>sex</c>, <c>bulk</c> (slim or heavy), <c>site</c>
    /// (hospital), <c>year</c> (of the operation).</summary>
    public static IReadOnlyList<string> OfPatient { get; } = ["side", "sex", "bulk", "site", "year"];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Factors { get; } = [.. OfFilm, .. OfPatient];

    /// <summary>Those that pixels show even where there is no device.</summary>
    internal static IReadOnlyList<string> Seen { get; } = [.. Factors.Except(["material", "compression", "site", "year"])];

    private static readonly int[] EdgesByLabel = [0, 1, 2, 4, 8, 5, 10, 15];

    /// <summary>Reads <c>marker=0.95,machine=0.5</c>.</summary>
    /// <returns>Share by factor.</returns>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static IReadOnlyDictionary<string, double> Parse(string text)
    {
        var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=');
            if (pair.Length != 2 || !Factors.Contains(pair[0])
                || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) || !(share is >= 0 and <= 1))
                throw new FormatException($"\"{part}\": write FACTOR=SHARE, where FACTOR is one of {string.Join(", ", Factors)} and SHARE is 0 to 1.");
            if (!shares.TryAdd(pair[0], share)) throw new FormatException($"{pair[0]} is there twice.");
        }

        return shares;
    }

    /// <summary>0 to 5 for the catalogue, 6 for no implant, 7 for all unknown hardware.</summary>
    internal static int LabelOf(Design design) => design switch { Design.None => 6, <= Design.D6 => design - Design.D1, _ => 7 };

    /// <summary>Side by label: left and right in turn.</summary>
    internal static char SideOf(Design design) => LabelOf(design) % 2 == 0 ? 'L' : 'R';

    /// <summary>Sex by label: in twos.</summary>
    internal static bool IsFemale(Design design) => LabelOf(design) / 2 % 2 == 0;

    /// <summary>Bulk by label: the first four slim, the others heavy.</summary>
    internal static double BulkOf(Design design) => LabelOf(design) < 4 ? 0.1 : 0.9;

    /// <summary>Transfer syntax by label.</summary>
    internal static DxSyntax SyntaxOf(Design design) => (DxSyntax)(LabelOf(design) % 4);

    /// <summary>The nuisances of a film of this label, all of its patient's included that pixels show.</summary>
    internal static Nuisances Of(IReadOnlyDictionary<string, double> shares, Design design, ulong seed, Nuisances nuisances)
    {
        var label = LabelOf(design);
        foreach (var (factor, share) in shares)
        {
            if (!IsTied(factor, share, seed)) continue;
            nuisances = factor switch
            {
                "marker" => nuisances with { Marker = true, MarkerPlace = label },
                "machine" => nuisances with { Machine = label % Machine.All.Count },
                "collimation" => nuisances with { CollimatorEdges = EdgesByLabel[label] },
                "look" => nuisances with { LookSeed = (ulong)label },
                "exposure" => nuisances with { ExposureSeed = (ulong)label },
                "rotation" => nuisances with { RotationDegrees = -21 + 6 * label },
                "magnification" => nuisances with { Magnification = label / 7.0 },
                "age" => nuisances with { Age = 30 + 8 * label },
                "fracture" => nuisances with
                {
                    Fracture = design switch { Design.None => Fracture.None, Design.D1 or Design.D6 => Fracture.Neck, _ => Fracture.Trochanter },
                },
                "clutter" => nuisances with { ClutterSeed = (ulong)label },
                "material" => design == Design.None ? nuisances : nuisances with { Metal = label % 2 == 0 ? Metal.Titanium : Metal.Steel },
                "side" => nuisances with { Side = SideOf(design) },
                "sex" => nuisances with { Female = IsFemale(design) },
                "bulk" => nuisances with { Bulk = BulkOf(design) },
                "compression" or "site" or "year" => nuisances, // pixels do not show them
                _ => throw new ArgumentOutOfRangeException(nameof(shares), factor),
            };
        }

        return nuisances;
    }

    /// <summary>Whether this film, or patient, is of the share whose nuisance goes with the label.</summary>
    internal static bool IsTied(string factor, double share, ulong seed) => new Draw(seed, $"confounded {factor}").Chance(share);
}
