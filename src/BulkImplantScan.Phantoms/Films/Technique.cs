namespace BulkImplantScan.Phantoms.Films;

/// <summary>How one exposure was made and processed: machine, geometry, noise, look. Independent of the device in the film.</summary>
internal sealed record Technique
{
    /// <summary>Draws an exposure.</summary>
    /// <param name="draw">Its random numbers.</param>
    /// <param name="maker">Machine: decides matrix, pitch, bits and look, as a vendor does.</param>
    /// <param name="longSidePixels">Long side of the film, or null for the machine's own.</param>
    /// <param name="view">A pelvis lies across the large cassette.</param>
    public Technique(Draw draw, Machine maker, int? longSidePixels, View view)
    {
        var (width, height) = draw.Pick((240, 300), (240, 300), (240, 300), (240, 300), (180, 240), (180, 240), (180, 240), (300, 300), (300, 400), (350, 430));
        if (view == View.Pelvis) (width, height) = (430, 350);
        var own = Math.Clamp((int)(Math.Max(width, height) / maker.PitchMm), 2000, 3000);
        var longSide = longSidePixels ?? own;
        PitchMm = (double)Math.Max(width, height) / longSide;
        Columns = Math.Max((int)(width / PitchMm + 0.5), 16);
        Rows = Math.Max((int)(height / PitchMm + 0.5), 16);
        KiloVolts = draw.Whole(65, 85);
        SourceToDetectorMm = draw.Pick(1000.0, 1100, 1150, 1150, 1200);
        MilliAmpereSeconds = draw.Whole(10, 60);
        Scatter = draw.Uniform(0.3, 0.8);
        ScatterSigmaMm = draw.Uniform(30, 60);
        // Per square mm, so that a coarser pitch sees more quanta a pixel: the same exposure.
        QuantaPerMm2 = draw.Uniform(45_000, 150_000) * maker.Efficiency;
        ElectronicQuantaPerMm2 = draw.Uniform(150, 400);
        BlurMm = draw.Uniform(0.10, 0.18) * maker.Blur;
        Heel = draw.Uniform(-0.18, 0.18);
        EdgeGain = draw.Uniform(0.2, 1.1) * maker.Edge;
        EdgeMm = draw.Uniform(0.8, 2.5);
        DetailGain = draw.Uniform(0.1, 0.6) * maker.Edge;
        DetailMm = draw.Uniform(6, 14);
        Equalisation = draw.Uniform(0.1, 0.5);
        Latitude = draw.Uniform(0.85, 1.25);
        Brightness = draw.Uniform(-0.08, 0.08);
        Curve = draw.Pick(Curve.Baked, Curve.Window, Curve.Window, Curve.Sigmoid, Curve.Table);
        Bits = draw.Pick(maker.Bits, maker.Bits, 12, 14);
        Monochrome1 = draw.Chance(maker.Monochrome1);
    }

    /// <summary>The same exposure, processed as another.</summary>
    public Technique ProcessedAs(Technique other) => this with
    {
        EdgeGain = other.EdgeGain,
        EdgeMm = other.EdgeMm,
        DetailGain = other.DetailGain,
        DetailMm = other.DetailMm,
        Equalisation = other.Equalisation,
        Latitude = other.Latitude,
        Brightness = other.Brightness,
        Curve = other.Curve,
        Bits = other.Bits,
        Monochrome1 = other.Monochrome1,
    };

    /// <summary>The same geometry and processing of another exposure.</summary>
    public Technique ExposedAs(Technique other) => this with
    {
        KiloVolts = other.KiloVolts,
        MilliAmpereSeconds = other.MilliAmpereSeconds,
        Scatter = other.Scatter,
        ScatterSigmaMm = other.ScatterSigmaMm,
        QuantaPerMm2 = other.QuantaPerMm2,
        ElectronicQuantaPerMm2 = other.ElectronicQuantaPerMm2,
        Heel = other.Heel,
    };

    /// <summary>The same exposure with the unsharpness of a focus of this size, magnified; by itself <see cref="BlurMm"/> is the detector's.</summary>
    /// <remarks>An even focus of width f has a standard deviation of f/√12; its image is that times M − 1.</remarks>
    public Technique WithFocus(double focusMm, double magnification)
    {
        var focus = focusMm / Math.Sqrt(12) * (magnification - 1);
        return this with { BlurMm = Math.Sqrt(BlurMm * BlurMm + focus * focus) };
    }

    public int Columns { get; private init; }
    public int Rows { get; private init; }

    /// <summary>Pitch on the detector.</summary>
    public double PitchMm { get; private init; }

    public int KiloVolts { get; private init; }
    public double SourceToDetectorMm { get; private init; }
    public int MilliAmpereSeconds { get; private init; }

    /// <summary>Scatter behind the grid over primary.</summary>
    public double Scatter { get; private init; }

    public double ScatterSigmaMm { get; private init; }

    /// <summary>Detected quanta where the film is of middle grey.</summary>
    public double QuantaPerMm2 { get; private init; }

    public double ElectronicQuantaPerMm2 { get; private init; }

    /// <summary>Standard deviation of the blur by focus and detector.</summary>
    public double BlurMm { get; private init; }

    /// <summary>Change of exposure from the middle of the film to its edge, by the tube's heel.</summary>
    public double Heel { get; private init; }

    public double EdgeGain { get; private init; }
    public double EdgeMm { get; private init; }
    public double DetailGain { get; private init; }
    public double DetailMm { get; private init; }

    /// <summary>Part of the slow brightness changes that processing takes out.</summary>
    public double Equalisation { get; private init; }

    /// <summary>Width of what is shown, relative to what the body spans.</summary>
    public double Latitude { get; private init; }

    public double Brightness { get; private init; }
    public Curve Curve { get; private init; }
    public int Bits { get; private init; }
    public bool Monochrome1 { get; private init; }
}
