namespace BulkImplantScan.Explanation;

/// <summary>256 colours from dark violet over red to pale yellow, evenly spaced in perceived lightness.</summary>
/// <remarks>Lightness alone orders them, so they can be read without colour vision and in print. A path through OKLab
/// (Ottosson 2020): lightness rises linearly, hue turns one way, chroma swells in the middle. Own path, own table.</remarks>
internal static class HeatColours
{
    /// <summary>R, G, B of level 0 to 255.</summary>
    public static byte[] Rgb { get; } = Compute();

    private static byte[] Compute()
    {
        var table = new byte[3 * 256];
        for (var level = 0; level < 256; level++)
        {
            var t = level / 255.0;
            var lightness = 0.18 + 0.77 * t;
            var hue = (-60 + 165 * t) * Math.PI / 180; // violet (300°) over red (30°) to yellow (105°)
            var chroma = 0.10 + 0.28 * t * (1 - t);
            var (r, g, b) = ToLinearRgb(lightness, chroma * Math.Cos(hue), chroma * Math.Sin(hue));
            table[3 * level] = Encode(r);
            table[3 * level + 1] = Encode(g);
            table[3 * level + 2] = Encode(b);
        }

        return table;
    }

    /// <summary>OKLab to linear sRGB (Ottosson 2020, "A perceptual color space for image processing").</summary>
    private static (double R, double G, double B) ToLinearRgb(double lightness, double a, double b)
    {
        var l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return (
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    private static double Cube(double x) => x * x * x;

    /// <summary>Linear light to an 8-bit sRGB value (IEC 61966-2-1); outside the gamut the nearest value of the channel.</summary>
    private static byte Encode(double linear)
    {
        var light = Math.Clamp(linear, 0, 1);
        var encoded = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;
        return (byte)(encoded * 255 + 0.5);
    }
}
