using BulkImplantScan.Phantoms.Physics;

namespace BulkImplantScan.Phantoms.Tests.Physics;

public sealed class BeamTests
{
    /// <summary>Transmission behind 18 cm of soft tissue, from the Kramers spectrum in steps of 1 keV behind 3 mm of aluminium
    /// with NIST coefficients. 0.0005 is added where the table was rounded to a thousandth.</summary>
    [Theory]
    [InlineData(65, 0.0067, new[] { 0.630, 0.406, 0.178 }, new[] { 0.187, 0.073, 0.009, 0.001 }, new[] { 0.197, 0.016, 0.0018, 1e-5 })]
    [InlineData(70, 0.0079, new[] { 0.653, 0.436, 0.204 }, new[] { 0.225, 0.098, 0.016, 0.002 }, new[] { 0.238, 0.026, 0.0040, 6e-5 })]
    [InlineData(75, 0.0092, new[] { 0.673, 0.462, 0.227 }, new[] { 0.261, 0.124, 0.024, 0.004 }, new[] { 0.277, 0.039, 0.0075, 2e-4 })]
    [InlineData(80, 0.0104, new[] { 0.690, 0.485, 0.249 }, new[] { 0.295, 0.151, 0.034, 0.007 }, new[] { 0.313, 0.055, 0.0125, 5e-4 })]
    public void Five_bins_transmit_what_the_whole_spectrum_does(int kiloVolts, double tissue, double[] bone, double[] titanium, double[] steel)
    {
        var beam = new Beam(kiloVolts);
        var behind = beam.Transmission(180, 0, Metal.None, 0);
        Near(tissue, behind, 5e-5);
        foreach (var (mm, expected) in new[] { 5.0, 10, 20 }.Zip(bone)) Near(expected, beam.Transmission(180, mm, Metal.None, 0) / behind, 5e-4);
        foreach (var (mm, expected) in new[] { 3.0, 5, 10, 16 }.Zip(titanium)) Near(expected, beam.Transmission(180, 0, Metal.Titanium, mm) / behind, 5e-4);
        // From 5 mm on only scatter is seen: absolute.
        foreach (var (mm, expected) in new[] { 1.0, 3, 5, 10 }.Zip(steel)) Near(expected, beam.Transmission(180, 0, Metal.Steel, mm) / behind, 5e-4);

        static void Near(double expected, double actual, double rounding) =>
            Assert.InRange(actual, expected * 0.95 - rounding, expected * 1.05 + rounding);
    }

    [Theory]
    [InlineData(40, 0.285, 1.28, 9.8, 29.0)]
    public void Linear_attenuation_is_that_of_the_tables(double kev, double tissue, double bone, double titanium, double steel)
    {
        Assert.Equal(tissue, Attenuation.SoftTissuePerMm(kev) * 10, tissue * 0.01);
        Assert.Equal(bone, Attenuation.CorticalBonePerMm(kev) * 10, bone * 0.01);
        Assert.Equal(titanium, Attenuation.MetalPerMm(Metal.Titanium, kev) * 10, titanium * 0.01);
        Assert.Equal(steel, Attenuation.MetalPerMm(Metal.Steel, kev) * 10, steel * 0.01);
    }
}
