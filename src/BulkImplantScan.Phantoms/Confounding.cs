using System.Globalization;

namespace BulkImplantScan.Phantoms;

/// <summary>Nuisances that go with the label on request, so that the harm of a shortcut can be shown.</summary>
/// <remarks>On the given share of films the nuisance has the value that belongs to the label; on the others it is drawn as ever.</remarks>
public static class Confounding
{
    /// <summary>Names: <c>marker</c> (present, its place by label), <c>machine</c>, <c>collimation</c> (which edges), <c>look</c>
    /// (processing), <c>age</c> (of the bones), <c>fracture</c> (of the neck with screws and neck bolts, of the trochanters with plates and nails, as
    /// surgeons have it), <c>clutter</c> (staples and the like), <c>material</c> (of the device).</summary>
    public static IReadOnlyList<string> Factors { get; } = ["marker", "machine", "collimation", "look", "age", "fracture", "clutter", "material"];

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

    /// <summary>The nuisances of a film of this label.</summary>
    internal static Nuisances Apply(IReadOnlyDictionary<string, double> shares, Design design, ulong seed, Nuisances nuisances)
    {
        var label = design switch { Design.None => 6, <= Design.D6 => design - Design.D1, _ => 7 };
        foreach (var (factor, share) in shares)
        {
            if (!new Draw(seed, $"confounded {factor}").Chance(share)) continue;
            nuisances = factor switch
            {
                "marker" => nuisances with { Marker = true, MarkerPlace = label },
                "machine" => nuisances with { Machine = label % Films.Machine.All.Count },
                "collimation" => nuisances with { CollimatorEdges = EdgesByLabel[label] },
                "look" => nuisances with { LookSeed = (ulong)label },
                "age" => nuisances with { Age = 30 + 8 * label },
                "fracture" => nuisances with
                {
                    Fracture = design switch { Design.None => Fracture.None, Design.D1 or Design.D6 => Fracture.Neck, _ => Fracture.Trochanter },
                },
                "clutter" => nuisances with { ClutterSeed = (ulong)label },
                "material" => design == Design.None ? nuisances : nuisances with { Metal = label % 2 == 0 ? Metal.Titanium : Metal.Steel },
                _ => throw new ArgumentOutOfRangeException(nameof(shares), factor),
            };
        }

        return nuisances;
    }
}
