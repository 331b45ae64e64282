namespace BulkImplantScan.Phantoms.Physics;

/// <summary>An X-ray beam as five energies: what part of the detector's signal is left behind so much of each material.</summary>
/// <remarks>Kramers spectrum behind 3 mm of aluminium, energy-integrating detector, cut into five bins that are fitted
/// behind 18 cm of soft tissue, where all that matters of a hip film lies: there the bins are within 2 % of the spectrum
/// in steps of 1 keV; in open air they are not, but open air is black on every film.</remarks>
internal sealed class Beam
{
    /// <summary>Number of energy bins.</summary>
    public const int Bins = 5;

    private const double FilterMm = 3;
    private const double FitTissueMm = 180;

    private readonly double[] _kev = new double[Bins];

    /// <summary>The beam of a tube at this voltage, 50 to 100 kV.</summary>
    public Beam(double kiloVolts)
    {
        // Bins of equal signal behind the tissue, so that none is wasted.
        double[] energies = [.. Enumerable.Range(15, (int)kiloVolts - 15).Select(kev => kev + 0.5)];
        double[] spectrum = [.. energies.Select(kev => Math.Max(kiloVolts - kev, 0) * Math.Exp(-Attenuation.AluminiumPerMm(kev) * FilterMm))];
        double[] behind = [.. energies.Select((kev, i) => spectrum[i] * Math.Exp(-Attenuation.SoftTissuePerMm(kev) * FitTissueMm))];
        double all = spectrum.Sum(), total = behind.Sum(), seen = 0;
        var signal = new double[Bins];
        for (var i = 0; i < energies.Length; i++)
        {
            var bin = Math.Min((int)((seen + behind[i] / 2) / total * Bins), Bins - 1);
            seen += behind[i];
            signal[bin] += behind[i];
            _kev[bin] += behind[i] * energies[i];
        }

        for (var bin = 0; bin < Bins; bin++)
        {
            _kev[bin] /= signal[bin];
            SoftPerMm[bin] = (float)Attenuation.SoftTissuePerMm(_kev[bin]);
            BonePerMm[bin] = (float)Attenuation.CorticalBonePerMm(_kev[bin]);
            Weight[bin] = (float)(signal[bin] / all * Math.Exp(Attenuation.SoftTissuePerMm(_kev[bin]) * FitTissueMm));
        }
    }

    /// <summary>Signal of each bin in open air, relative to the whole spectrum's.</summary>
    public float[] Weight { get; } = new float[Bins];

    /// <summary>Soft tissue per mm, by bin.</summary>
    public float[] SoftPerMm { get; } = new float[Bins];

    /// <summary>Cortical bone per mm, by bin.</summary>
    public float[] BonePerMm { get; } = new float[Bins];

    /// <summary>A metal per mm, by bin.</summary>
    public float[] MetalPerMm(Metal metal) => [.. _kev.Select(kev => (float)Attenuation.MetalPerMm(metal, kev))];

    /// <summary>Signal behind this much of everything, relative to the open beam.</summary>
    public double Transmission(double softMm, double boneMm, Metal metal, double metalMm)
    {
        var sum = 0.0;
        for (var bin = 0; bin < Bins; bin++)
            sum += Weight[bin] * Math.Exp(-SoftPerMm[bin] * softMm - BonePerMm[bin] * boneMm - Attenuation.MetalPerMm(metal, _kev[bin]) * metalMm);
        return sum;
    }
}
