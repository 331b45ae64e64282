using System.Globalization;

namespace BulkImplantScan.Phantoms;

/// <summary>Some designs drawn more often than others, so that a model sees more of what is hard.</summary>
public static class DesignWeights
{
    /// <summary>Reads <c>D3=3,D4=3,antegrade_nail=2</c>.</summary>
    /// <param name="text">Names as in <c>labels.csv</c>.</param>
    /// <param name="set">The training set does not show the unknown hardware of the test set, nor the other way round.</param>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static IReadOnlyDictionary<Design, double> Parse(string text, PhantomSet set)
    {
        var names = Designs.Known.Concat(UnknownOf(set)).ToDictionary(design => design.Name(), StringComparer.Ordinal);
        var weights = new Dictionary<Design, double>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=');
            if (pair.Length != 2 || !names.TryGetValue(pair[0], out var design)
                || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || !(weight is >= 0 and <= 1000))
                throw new FormatException($"\"{part}\": write DESIGN=WEIGHT, where DESIGN is one of {string.Join(", ", names.Keys)} and WEIGHT is 0 to 1000.");
            if (!weights.TryAdd(design, weight)) throw new FormatException($"{pair[0]} is there twice.");
        }

        foreach (var group in (IReadOnlyList<Design>[])[Designs.Known, UnknownOf(set)])
            if (group.All(design => Weight(weights, design) == 0)) throw new FormatException($"leaves nothing to draw of {string.Join(", ", group.Select(design => design.Name()))}.");
        return weights;
    }

    /// <summary>All unknown hardware that archives of this set may show.</summary>
    private static IReadOnlyList<Design> UnknownOf(PhantomSet set) =>
        set == PhantomSet.Test ? Designs.TestUnknown : [.. Designs.TrainingUnknown, .. Designs.TrainingUnknownOnRequest];

    /// <summary>False for a design whose weight is 0.</summary>
    internal static bool MayShow(PhantomOptions options, Design design) => Weight(options.Weights, design) > 0;

    /// <summary>A design of the catalogue, or of this set's unknown hardware.</summary>
    internal static Design Pick(Draw draw, PhantomOptions options, bool isKnown)
    {
        if (options.Weights.Count == 0)
            return draw.Pick<Design>([.. isKnown ? Designs.Known : options.Set == PhantomSet.Test ? Designs.TestUnknown : Designs.TrainingUnknown]);

        var designs = isKnown ? Designs.Known : UnknownOf(options.Set);
        var left = draw.Uniform(0, designs.Sum(design => Weight(options.Weights, design)));
        foreach (var design in designs)
            if ((left -= Weight(options.Weights, design)) < 0) return design;
        return designs.Last(design => Weight(options.Weights, design) > 0);
    }

    private static double Weight(IReadOnlyDictionary<Design, double> weights, Design design) =>
        weights.GetValueOrDefault(design, Designs.TrainingUnknownOnRequest.Contains(design) ? 0 : 1);
}
