namespace BulkImplantScan.Phantoms.Physics;

/// <summary>Linear attenuation of the materials that a film meets, per mm, by photon energy.</summary>
/// <remarks>Mass attenuation: NIST XAAMDI (Hubbell, Seltzer), cm²/g; between the tabulated energies log-log. 316L is taken
/// as iron of its density (nickel and molybdenum would add about 5 %); cobalt-chromium is that times 1.05.</remarks>
internal static class Attenuation
{
    private static readonly double[] EnergyKev = [15, 20, 30, 40, 50, 60, 80, 100];
    private static readonly double[] SoftTissueCm2PerG = [1.721, 0.8205, 0.3790, 0.2688, 0.2264, 0.2048, 0.1823, 0.1693];
    private static readonly double[] CorticalBoneCm2PerG = [9.032, 4.001, 1.331, 0.6655, 0.4242, 0.3148, 0.2229, 0.1855];
    private static readonly double[] TitaniumCm2PerG = [35.87, 15.85, 4.972, 2.214, 1.213, 0.7661, 0.4052, 0.2721];
    private static readonly double[] IronCm2PerG = [57.08, 25.68, 8.176, 3.629, 1.958, 1.205, 0.5952, 0.3717];
    private static readonly double[] AluminiumCm2PerG = [7.955, 3.441, 1.128, 0.5685, 0.3681, 0.2778, 0.2018, 0.1704];

    /// <summary>ICRU-44 soft tissue, 1.06 g/cm³.</summary>
    public static double SoftTissuePerMm(double kev) => LogLog(SoftTissueCm2PerG, kev) * 1.06 / 10;

    /// <summary>ICRU-44 cortical bone, 1.92 g/cm³.</summary>
    public static double CorticalBonePerMm(double kev) => LogLog(CorticalBoneCm2PerG, kev) * 1.92 / 10;

    /// <summary>Aluminium, 2.70 g/cm³: the tube's filter.</summary>
    public static double AluminiumPerMm(double kev) => LogLog(AluminiumCm2PerG, kev) * 2.70 / 10;

    /// <summary>A device's metal; 0 for <see cref="Metal.None"/>.</summary>
    public static double MetalPerMm(Metal metal, double kev) => metal switch
    {
        Metal.Titanium => LogLog(TitaniumCm2PerG, kev) * 4.43 / 10,
        Metal.Steel => LogLog(IronCm2PerG, kev) * 7.99 / 10,
        Metal.CobaltChrome => LogLog(IronCm2PerG, kev) * 1.05 * 7.99 / 10,
        _ => 0,
    };

    private static double LogLog(double[] cm2PerG, double kev)
    {
        var i = 1;
        while (i < EnergyKev.Length - 1 && EnergyKev[i] < kev) i++;
        var share = Math.Log(kev / EnergyKev[i - 1]) / Math.Log(EnergyKev[i] / EnergyKev[i - 1]);
        return cm2PerG[i - 1] * Math.Pow(cm2PerG[i] / cm2PerG[i - 1], share);
    }
}
