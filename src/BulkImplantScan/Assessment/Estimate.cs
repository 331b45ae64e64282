using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>A figure with up to three 95 % intervals.</summary>
/// <param name="Value">Null: there is nothing to take it of.</param>
/// <param name="Lo">Lower bound, units (films, hips) independent; null where no such interval is made.</param>
/// <param name="Hi">Upper bound.</param>
/// <param name="Method"><c>wilson</c>, <c>wilson_of_jaccard</c>, <c>delong</c>, <c>newcombe</c>, or null.</param>
/// <param name="PatientLo">Lower bound, patients independent; null where no such interval is made.</param>
/// <param name="PatientHi">Upper bound.</param>
/// <param name="PatientMethod"><c>wilson_effective</c>, <c>newcombe_effective</c>, or null.</param>
/// <param name="BootstrapLo">2.5th percentile of bootstrap samples of patients; null where all samples agree, or too few define the figure.</param>
/// <param name="BootstrapHi">97.5th percentile.</param>
public sealed record Estimate(
    double? Value, double? Lo = null, double? Hi = null, string? Method = null, double? PatientLo = null, double? PatientHi = null, string? PatientMethod = null,
    double? BootstrapLo = null, double? BootstrapHi = null)
{
    /// <summary>Nothing to take it of.</summary>
    public static Estimate None { get; } = new(Value: null);

    /// <summary>A figure whose only interval is the bootstrap's.</summary>
    internal static Estimate Of(double value, Interval? bootstrap) =>
        double.IsFinite(value) ? new(value, BootstrapLo: bootstrap?.Low, BootstrapHi: bootstrap?.High) : None;

    /// <summary>A figure with all.</summary>
    /// <param name="value">NaN: nothing to take it of.</param>
    /// <param name="interval">Units independent.</param>
    /// <param name="method">Its name.</param>
    /// <param name="patients">Patients independent.</param>
    /// <param name="patientMethod">Its name.</param>
    /// <param name="bootstrap">Null: there is none.</param>
    internal static Estimate Of(double value, Interval interval, string method, Interval patients, string patientMethod, Interval? bootstrap) =>
        double.IsFinite(value) ? new(value, interval.Low, interval.High, method, patients.Low, patients.High, patientMethod, bootstrap?.Low, bootstrap?.High) : None;
}
