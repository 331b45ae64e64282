using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>Measures of one patient's hip, and its position on the table; mm and radians.</summary>
/// <remarks>Means and spreads from CT and film series of adult hips (docs/phantoms.md); age thins the cortex.</remarks>
internal sealed class Patient
{
    /// <summary>Draws a patient.</summary>
    /// <param name="draw">Random numbers of the body.</param>
    /// <param name="age">Years.</param>
    /// <param name="female">Sex.</param>
    /// <param name="chosen">What of the body shall not be as drawn; nothing else moves with it.</param>
    public Patient(Draw draw, int age, bool female, Nuisances chosen)
    {
        Age = age;
        var size = female ? 0.95 : 1.03;
        HeadRadius = draw.Normal(24, 1.5) * size;
        NeckShaftAngle = Radians(draw.Normal(126.5, 5));
        var version = draw.Uniform(-22, 22); // of the neck out of the film's plane: anatomy less rotation
        Version = Radians(chosen.RotationDegrees ?? version);
        var neckLength = draw.Normal(53, 4) * size;
        NeckRadius = HeadRadius * draw.Uniform(0.64, 0.74);
        ShaftRadius = draw.Normal(14.6, 0.9) * size;
        var young = Math.Clamp((85 - age) / 45.0, 0, 1);
        ShaftCortex = Math.Clamp(draw.Uniform(3.6, 5) + young * 3, 3.4, ShaftRadius - 4.5);
        BoneDensity = draw.Uniform(0.75, 0.95) + 0.3 * young;
        Adduction = Radians(draw.Normal(6, 5));
        MidlineX = -draw.Normal(90, 4) * size;
        TrochanterTip = draw.Normal(0, 4);
        HipDepth = draw.Uniform(75, 150);
        var drawnBulk = draw.Uniform(0, 1);
        var bulk = chosen.Bulk ?? drawnBulk;
        TrunkDepth = 160 + 95 * bulk;
        ThighRadius = 66 + 30 * bulk + draw.Uniform(-4, 6);
        TrunkHalfWidth = -MidlineX + 38 + ThighRadius + draw.Uniform(-4, 8);
        Crotch = draw.Uniform(85, 115);
        FatMm = 8 + 28 * bulk * draw.Uniform(0.5, 1) + (female ? 5 : 0);

        var (adductionSin, adductionCos) = Math.SinCos(Adduction);
        ShaftAxis = new(-adductionSin, adductionCos);
        var flat = ShaftAxis.Turn(new Vec(0, 0, 1), NeckShaftAngle); // from base to head, before version
        var (versionSin, versionCos) = Math.SinCos(Version);
        NeckAxis = flat * versionCos + new Vec(0, 0, versionSin);
        Base = NeckAxis * -neckLength;
        NeckLength = neckLength;
    }

    /// <summary>Years.</summary>
    public int Age { get; }

    public double HeadRadius { get; }

    public double NeckShaftAngle { get; }

    public double Version { get; }

    public double NeckRadius { get; }

    public double NeckLength { get; }

    public double ShaftRadius { get; }

    public double ShaftCortex { get; }

    /// <summary>Factor on the cortical share of trabecular bone, about 0.75 to 1.25.</summary>
    public double BoneDensity { get; }

    public double Adduction { get; }

    /// <summary>Midline of the body; negative, since lateral is positive.</summary>
    public double MidlineX { get; }

    /// <summary>Height of the greater trochanter's tip, y.</summary>
    public double TrochanterTip { get; }

    /// <summary>Hip to detector, mm.</summary>
    public double HipDepth { get; }

    public double TrunkDepth { get; }

    public double TrunkHalfWidth { get; }

    public double ThighRadius { get; }

    public double FatMm { get; }

    /// <summary>Height of the crotch, y.</summary>
    public double Crotch { get; }

    /// <summary>Unit, from hip to knee.</summary>
    public Vec ShaftAxis { get; }

    /// <summary>Unit, from the base of the neck to the head; out of the film's plane by <see cref="Version"/>.</summary>
    public Vec NeckAxis { get; }

    /// <summary>Where the axes of neck and shaft meet.</summary>
    public Vec Base { get; }

    /// <summary>Unit, square to the shaft, to the outer side.</summary>
    public Vec Lateral => new(ShaftAxis.Y, -ShaftAxis.X);

    /// <summary>Point at the shaft's axis, so many mm below the base of the neck, so far to the outer side.</summary>
    public Vec OnShaft(double belowMm, double lateralMm = 0, double depthMm = 0) =>
        Base with { Z = depthMm } + ShaftAxis * belowMm + Lateral * lateralMm;

    /// <summary>Outer radius of the femur so far below the base of the neck.</summary>
    public double RadiusAt(double belowMm) =>
        ShaftRadius + (20 - ShaftRadius) * Math.Clamp((65 - belowMm) / 65, 0, 1);

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
