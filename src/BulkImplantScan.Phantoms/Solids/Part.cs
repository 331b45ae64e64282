namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Rods that are one piece of metal: where they overlap the longest path counts, not the sum.</summary>
internal sealed class Part(Element element, bool hole = false)
{
    /// <summary>What its pixels are in the mask.</summary>
    public Element Element { get; } = element;

    /// <summary>True: it takes metal away (a bore).</summary>
    public bool Hole { get; } = hole;

    /// <summary>Its rods.</summary>
    public List<Rod> Rods { get; } = [];

    /// <summary>Adds a rod.</summary>
    public Part With(Vec start, Vec end, Section section, Vec? reference = null)
    {
        Rods.Add(new(start, end, section, reference ?? new Vec(0, 0, 1)));
        return this;
    }

    /// <summary>Cuts in two the rods that may be cut and that go through a plane.</summary>
    public void Split(Vec place, Vec axis)
    {
        for (var i = Rods.Count - 1; i >= 0; i--)
        {
            var rod = Rods[i];
            double before = (rod.Start - place).Dot(axis), behind = (rod.End - place).Dot(axis);
            if (!rod.Section.IsUniform || before * behind >= 0) continue;
            var cut = rod.Start + (rod.End - rod.Start) * (before / (before - behind));
            Rods[i] = rod with { End = cut };
            Rods.Insert(i + 1, rod with { Start = cut });
        }
    }

    /// <summary>Adds a round rod.</summary>
    public Part WithRound(Vec start, Vec end, double startRadiusMm, double? endRadiusMm = null) =>
        With(start, end, new Round(startRadiusMm, endRadiusMm ?? startRadiusMm, (end - start).Length));

    /// <summary>Adds a round wire or bent rod through these points.</summary>
    public Part WithPath(double radiusMm, params ReadOnlySpan<Vec> points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            var overlap = (points[i] - points[i - 1]).Unit * (radiusMm * 0.3);
            WithRound(points[i - 1] - overlap, points[i] + overlap, radiusMm);
        }

        return this;
    }
}
