using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>What the second edition adds to a body: groups of trabeculae, planes of fat between muscles, calcified vessels.</summary>
/// <remarks>Ward 1838 for the groups: one of pressure from the calcar to the roof of the head, one of tension over the neck, and the
/// empty triangle between.</remarks>
internal sealed class Detail
{
    private const double VesselHalfWidthMm = 3.3;

    /// <summary>Draws it.</summary>
    public Detail(Patient p, Draw draw)
    {
        Bones = Trabeculae(p, draw);
        Planes = FatPlanes(p, draw);
        OneSided = Calcifications(p, draw);
    }

    /// <summary>Bone of both hips.</summary>
    public IReadOnlyList<Ridge> Bones { get; }

    /// <summary>Muscle (fat where negative) of both hips.</summary>
    public IReadOnlyList<Ridge> Planes { get; }

    /// <summary>Calcium of the hip that the film is about.</summary>
    public IReadOnlyList<Ridge> OneSided { get; }

    private static List<Ridge> Trabeculae(Patient p, Draw draw)
    {
        var up = new Vec(-p.NeckAxis.Y, p.NeckAxis.X).Unit;
        if (up.Y > 0) up *= -1;
        double r = p.HeadRadius, wear = draw.Uniform(0.6, 1.3);
        Vec calcar = p.Base * 0.8 - up * (p.NeckRadius - 4), middle = p.Base * 0.3 - up * 3, roof = new(-r * 0.12, -r * 0.78);
        Vec outer = p.OnShaft(10, 13), over = p.Base * 0.85 + up * 6, above = p.Base * 0.45 + up * (p.NeckRadius - 6), inner = new(-r * 0.55, r * 0.25);
        Vec ward = p.Base * 0.62 - up * 2, wardEnd = p.Base * 0.85 - up * 3, trochanter = p.OnShaft(-18, 11);
        return
        [
            new([calcar.X, calcar.Y, middle.X, middle.Y, roof.X, roof.Y], 3.4 * wear, 5.5),
            new([outer.X, outer.Y, over.X, over.Y, above.X, above.Y, -2, -r * 0.1, inner.X, inner.Y], 2.4 * wear, 3.2),
            new([ward.X, ward.Y, wardEnd.X, wardEnd.Y], -2.6, 5.5),
            new([trochanter.X, trochanter.Y, trochanter.X + 4, trochanter.Y + 9], -2.2, 6),
        ];
    }

    private static List<Ridge> FatPlanes(Patient p, Draw draw)
    {
        double j() => draw.Uniform(-4, 4);
        double deep() => -draw.Uniform(3, 11) * (0.6 + p.FatMm / 40);
        double wide() => draw.Uniform(1.6, 3.4);
        Vec trochanter = new(p.Base.X + 8, p.TrochanterTip), lesser = p.OnShaft(34, -17);
        List<Ridge> planes =
        [
            // Gluteus minimus and medius above the trochanter, iliopsoas in front of the joint, obturator internus within the pelvis.
            new([trochanter.X + j(), trochanter.Y - 5, trochanter.X - 14, trochanter.Y - 26 + j(), 16 + j(), -52, 6 + j(), -76], deep(), wide()),
            new([trochanter.X + 12 + j(), trochanter.Y - 2, trochanter.X + 9 + j(), trochanter.Y - 34, 50 + j(), -70, 40, -104], deep(), wide()),
            new([-34 + j(), -84, -33 + j(), -40, -27, -4 + j(), -10 + j(), 30, lesser.X, lesser.Y], deep(), wide()),
            new([-46 + j(), -30, -44 + j(), -6, -50, 14 + j()], deep(), wide()),
        ];
        foreach (var side in (ReadOnlySpan<double>)[p.ShaftRadius + 12, -p.ShaftRadius - 9, -p.ShaftRadius - 24, -p.ShaftRadius - 42])
        {
            // Vasti and adductors along the shaft.
            Vec a = p.OnShaft(38 + j(), side * 0.9), b = p.OnShaft(90, side + j()), c = p.OnShaft(150, side + j()), d = p.OnShaft(240, side * 0.9 + j());
            planes.Add(new([a.X, a.Y, b.X, b.Y, c.X, c.Y, d.X, d.Y], deep(), wide()));
        }

        // Bellies between the planes.
        for (var i = 0; i < 5; i++)
        {
            var at = i < 3 ? p.OnShaft(60 + j(), -p.ShaftRadius - 17 * (i + 1)) : new Vec(34 + 20 * (i - 3) + j(), -62);
            var along = i < 3 ? p.ShaftAxis * 110 : new Vec(-10, 46);
            planes.Add(new([at.X, at.Y, at.X + along.X, at.Y + along.Y], draw.Uniform(-5, 9), draw.Uniform(6, 11)));
        }

        return planes;
    }

    private static List<Ridge> Calcifications(Patient p, Draw draw)
    {
        List<Ridge> calcium = [];
        if (draw.Chance(p.Age > 60 ? 0.3 : 0.04))
        {
            // The femoral artery, seen where its wall is: two lines, broken.
            double x = draw.Uniform(-24, -12), drift = draw.Uniform(-0.15, 0.1), phase = draw.Uniform(0, 6);
            foreach (var wall in (ReadOnlySpan<double>)[-VesselHalfWidthMm, VesselHalfWidthMm])
            {
                for (var y = draw.Uniform(-60, -20); y < 190; y += draw.Uniform(5, 26))
                {
                    var length = draw.Uniform(4, 20);
                    calcium.Add(new([At(y) + wall, y, At(y + length / 2) + wall, y + length / 2, At(y + length) + wall, y + length], draw.Uniform(0.7, 2.2), draw.Uniform(0.45, 0.8)));
                    y += length;
                }
            }

            double At(double y) => x + drift * y + 4 * Math.Sin(y / 38 + phase);
        }

        var phleboliths = draw.Chance(0.35) ? draw.Whole(1, 5) : 0;
        for (var i = 0; i < phleboliths; i++)
        {
            double x = p.MidlineX + draw.Uniform(22, 52) * draw.Pick(-1, 1), y = draw.Uniform(2, 38);
            calcium.Add(new([x, y, x + 0.3, y + 0.5, x + 0.6, y + 0.3, x + 0.9, y + 0.7], draw.Uniform(5, 11), draw.Uniform(0.8, 1.5)));
        }

        return calcium;
    }
}
