using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>The bones of a patient, drawn as outlines in the plane of the hip: outer side is +x, foot is +y.</summary>
/// <remarks>One half of the pelvis and one femur are drawn; the film folds x at the midline, so both sides are there.</remarks>
internal sealed class Skeleton
{
    /// <summary>Builds them.</summary>
    public Skeleton(Patient patient, Draw draw, PhantomEdition edition, (Fracture Where, Draw Draw)? chosen = null)
    {
        Femur = MakeFemur(patient, draw);
        Pelvis = MakePelvis(patient, draw);
        List<Ridge> foramina = [];
        Sacrum = MakeSacrum(patient, draw, edition, foramina);
        Ridges = [.. MakeRidges(patient, draw), .. foramina];
        Injuries = MakeInjuries(patient, draw, chosen);
    }

    public Bone Femur { get; }

    public Bone Pelvis { get; }

    public Bone Sacrum { get; }

    public IReadOnlyList<Ridge> Ridges { get; }

    /// <summary>Fracture lines and old screw tracks of the hip that the film is about.</summary>
    public IReadOnlyList<Ridge> Injuries { get; }

    private static Bone MakeFemur(Patient p, Draw draw)
    {
        double bx = p.Base.X, by = p.Base.Y;
        Vec At(double below, double lateral) => p.OnShaft(below, lateral);
        var middle = p.Base * 0.5;
        double r = p.ShaftRadius, c = p.ShaftCortex;
        double tipX = bx + draw.Uniform(6, 13), tipY = p.TrochanterTip;
        var flare = At(-6, draw.Uniform(7, 10));
        Vec lesser = At(draw.Uniform(27, 33), -draw.Uniform(13, 17)), crest = At(16, -10);
        (double, double, double, double) Node(double below, double radius, double cortex)
        {
            var at = At(below, 0);
            return (at.X, at.Y, radius, cortex);
        }

        return new(
        [
            new Outline.Bar(0, 0, p.HeadRadius, 0, 0, p.HeadRadius, p.HeadRadius, 1.0),
            new Outline.Tube((0, 0, p.NeckRadius, 1.8), (middle.X, middle.Y, p.NeckRadius * 0.98, 2), (bx, by, 18, 2)),
            new Outline.Tube(Node(0, 18, 2), Node(30, p.RadiusAt(30) - 0.5, 0.5 * c), Node(65, r, 0.85 * c), Node(100, r, c), Node(420, r * 0.95, c)),
            new Outline.Bar(flare.X, flare.Y, 16.5, tipX, tipY + 9, 8.5, 13, 1.3),
            new Outline.Bar(tipX, tipY + 9, 8.5, tipX - 6, tipY + 7, 6.5, 8, 1.2),
            new Outline.Bar(crest.X, crest.Y, 12, lesser.X, lesser.Y, 7.5, 9, 1.4),
        ], [], 1.8);
    }

    private static Bone MakePelvis(Patient p, Draw draw)
    {
        double k = p.HeadRadius / 24, m = p.MidlineX;
        double j() => draw.Uniform(-2.5, 2.5);
        double[] wing =
        [
            42 + j(), -96 + j(), 40, -84, 29 + j(), -72, 27 + j(), -58, 24, -44, 20, -30, 0, -20, -24, -24, -33, -42, -40 + j(), -57,
            -52, -66 + j(), -56, -86, -58 + j(), -108, -50, -128 + j(), -28, -146 + j(), -2, -150 + j(), 22, -138 + j(), 36, -116 + j(),
        ];
        for (var i = 0; i < wing.Length; i++) wing[i] *= k;
        return new(
        [
            new Outline.Polygon(wing, 2, 6.5, 1.5),
            new Outline.Bar(-6 * k, -30 * k, 26 * k, -10 * k, -16 * k, 27 * k, 14, 1.2),
            new Outline.Bar(-14 * k, 2 * k, 20 * k, -28 * k, 47 * k, 15 * k, 13, 1.5),
            new Outline.Bar(-28 * k, 47 * k, 15 * k, -38 * k, 58 * k, 11 * k, 11, 1.4),
            new Outline.Bar(-38 * k, 58 * k, 11 * k, m + 12, 47 * k, 6.5, 6.5, 1.3),
            new Outline.Bar(-24 * k, -4 * k, 14 * k, -46 * k, 14 * k, 9.5 * k, 9, 1.4),
            new Outline.Bar(-46 * k, 14 * k, 9.5 * k, m + 14, 30 * k, 8.5, 8, 1.3),
            new Outline.Bar(m + 12, 29 * k, 8.5, m + 11, 47 * k, 7.5, 8, 1.2),
        ],
        [new Outline.Ellipse(-51 * k, 36 * k, 14 * k, 9.5 * k, -0.75)], 2.6);
    }

    private static Bone MakeSacrum(Patient p, Draw draw, PhantomEdition edition, List<Ridge> foramina)
    {
        double m = p.MidlineX, y = draw.Uniform(-6, 6);
        List<Outline> holes = [];
        for (var level = 0; level < 4; level++)
        {
            double atX = m + 21 - 2.6 * level, atY = -102 + y + 19 * level;
            if (edition == PhantomEdition.First)
            {
                holes.Add(new Outline.Ellipse(atX, atY, 5.5, 4.5, 0.4));
                continue;
            }

            // The roof of a foramen is a line, its floor is not.
            foramina.Add(new([atX - 1, atY + 1, atX + 1.5, atY], -5, 2.6));
            foramina.Add(new([atX - 5.5, atY - 1, atX - 2, atY - 4.5, atX + 2.5, atY - 5, atX + 6, atY - 2.5], 3.2, 0.7));
        }

        double[] sacrum =
        [
            m - 52, -116 + y, m - 20, -128 + y, m + 20, -128 + y, m + 52, -116 + y, m + 47, -88 + y, m + 31, -62 + y, m + 20, -36 + y,
            m + 6, -22 + y, m + 5, -4 + y, m - 5, -4 + y, m - 6, -22 + y, m - 20, -36 + y, m - 31, -62 + y, m - 47, -88 + y,
        ];
        return new(
        [
            new Outline.Polygon(sacrum, 2, 13, 1.3),
            new Outline.Polygon([m - 24, -162 + y, m + 24, -162 + y, m + 22, -147 + y, m + 25, -134 + y, m - 25, -134 + y, m - 22, -147 + y], 2, 17, 1.4),
            new Outline.Bar(m, -151 + y, 5, m + 40, -155 + y, 4.5, 5, 1.4),
            new Outline.Polygon([m - 24, -202 + y, m + 24, -202 + y, m + 22, -187 + y, m + 25, -172 + y, m - 25, -172 + y, m - 22, -187 + y], 2, 17, 1.4),
        ], holes, 2);
    }

    private static List<Ridge> MakeRidges(Patient p, Draw draw)
    {
        double k = p.HeadRadius / 24, m = p.MidlineX, roof = p.HeadRadius + draw.Uniform(4, 5.5);
        Vec lesser = p.OnShaft(24, -13), greater = p.OnShaft(-22, 6), shaft = p.OnShaft(60, -p.ShaftRadius + 2.5);
        var calcar = p.Base * 0.72 + new Vec(-p.NeckAxis.Y, p.NeckAxis.X) * (-p.NeckRadius + 2.5);
        if (calcar.Y < p.Base.Y * 0.72) calcar = p.Base * 0.72 + new Vec(-p.NeckAxis.Y, p.NeckAxis.X) * (p.NeckRadius - 2.5);
        return
        [
            new(Arc(roof, -155, -35), 9 * draw.Uniform(0.6, 1.2), 0.9),
            new(Arc(roof + 1.3, -140, -50), 7 * draw.Uniform(0.4, 1.2), 1.5),
            new(Arc(p.HeadRadius + 3.5, 40, 130, 0.86, -4), 2.5, 0.7), // rim of the posterior wall, through the head
            new(Arc(p.HeadRadius * 0.98, 150, 215, 1, -5), 4, 0.8), // floor
            new([-56 * k, -74 * k, -42 * k, -52 * k, -34 * k, -34 * k, -36 * k, -12 * k, -47 * k, 5 * k, -62 * k, 16 * k, m + 12, 22 * k], 6, 0.9),
            new([-37 * k, -48 * k, -33 * k, -20 * k, -33 * k, 8 * k, -37 * k, 30 * k, -44 * k, 52 * k], 4.5, 0.8),
            new([-30 * k, 10 * k, -31 * k, 22 * k, -28 * k, 25 * k, -25 * k, 21 * k, -25 * k, 8 * k], 4.5, 0.8),
            new([-58 * k, -106 * k, -50 * k, -127 * k, -28 * k, -145 * k, -2 * k, -149 * k, 22 * k, -137 * k, 36 * k, -116 * k], 4, 1.2),
            new([-47 * k, -104 * k, -52 * k, -84 * k, -46 * k, -68 * k], 3.5, 0.9),
            new([greater.X, greater.Y, p.Base.X - 2, p.Base.Y, lesser.X, lesser.Y], 3, 1.8),
            // Medial cortex of shaft and neck: the calcar.
            new([shaft.X, shaft.Y, lesser.X - 1, lesser.Y, calcar.X, calcar.Y, calcar.X + p.NeckAxis.X * 18, calcar.Y + p.NeckAxis.Y * 18], 7, 1.9),
        ];
    }

    /// <summary>Fracture lines and old screw tracks, whatever the device: dark lines, some with a sclerotic rim.</summary>
    // A fracture that is chosen takes the drawn one's place; old tracks stay as drawn.
    public static List<Ridge> MakeInjuries(Patient p, Draw draw, (Fracture Where, Draw Draw)? chosen = null)
    {
        List<Ridge> ridges = draw.Chance(0.35) ? Break(p, draw, draw.Chance(0.4)) : [];
        if (chosen is { } fracture) ridges = fracture.Where == Fracture.None ? [] : Break(p, fracture.Draw, fracture.Where == Fracture.Neck);
        if (!draw.Chance(0.12)) return ridges;
        var tracks = draw.Whole(1, 3);
        for (var i = 0; i < tracks; i++)
        {
            var off = new Vec(-p.NeckAxis.Y, p.NeckAxis.X) * draw.Uniform(-11, 11);
            Vec deep = p.NeckAxis * draw.Uniform(0, 14) + off, outer = p.Base - p.NeckAxis * draw.Uniform(15, 24) + off;
            double[] line = [outer.X, outer.Y, deep.X, deep.Y];
            ridges.Add(new(line, 5, 3.4));
            ridges.Add(new(line, -9, 2));
        }

        return ridges;
    }

    private static List<Ridge> Break(Patient p, Draw draw, bool inNeck)
    {
        Vec from, to;
        if (inNeck)
        {
            var across = new Vec(-p.NeckAxis.Y, p.NeckAxis.X) * (p.NeckRadius + 3);
            var at = p.Base * draw.Uniform(0.3, 0.75);
            (from, to) = (at - across.Turn(new(0, 0, 1), draw.Uniform(-0.5, 0.5)), at + across);
        }
        else
        {
            (from, to) = (p.OnShaft(draw.Uniform(-30, -12), draw.Uniform(12, 26)), p.OnShaft(draw.Uniform(18, 42), -draw.Uniform(12, 20)));
        }

        var points = new double[16];
        for (var i = 0; i < 8; i++)
        {
            var at = from + (to - from) * (i / 7.0);
            (points[2 * i], points[2 * i + 1]) = (at.X + draw.Uniform(-2.5, 2.5), at.Y + draw.Uniform(-2.5, 2.5));
        }

        List<Ridge> ridges = [new(points, -draw.Uniform(3, 12), draw.Uniform(0.4, 1.1))];
        if (draw.Chance(0.4)) ridges.Add(new(points, draw.Uniform(3, 7), draw.Uniform(2, 4))); // callus
        return ridges;
    }

    private static double[] Arc(double radius, double fromDegrees, double toDegrees, double squeeze = 1, double shiftX = 0)
    {
        const int Steps = 16;
        var points = new double[2 * (Steps + 1)];
        for (var i = 0; i <= Steps; i++)
        {
            var (sin, cos) = Math.SinCos((fromDegrees + (toDegrees - fromDegrees) * i / Steps) * Math.PI / 180);
            (points[2 * i], points[2 * i + 1]) = (radius * cos * squeeze + shiftX, radius * sin);
        }

        return points;
    }
}
