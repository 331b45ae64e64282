using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>A figure with two 95 % intervals: one takes units as independent, one takes patients.</summary>
/// <param name="Value">Null: there is nothing to take it of.</param>
/// <param name="Lo">Lower bound, units independent; null where no such interval is made.</param>
/// <param name="Hi">Upper bound.</param>
/// <param name="Method"><c>wilson</c>, <c>wilson_of_jaccard</c>, <c>delong</c>, <c>newcombe</c>, or null.</param>
/// <param name="PatientLo">Lower bound, patients independent.</param>
/// <param name="PatientHi">Upper bound.</param>
/// <param name="PatientMethod"><c>bootstrap</c>; where that rests on too few, has no width or is not defined, <c>wilson_rao_scott</c> or <c>newcombe_of_patients</c>; or null.</param>
public sealed record Estimate(
    double? Value, double? Lo = null, double? Hi = null, string? Method = null, double? PatientLo = null, double? PatientHi = null, string? PatientMethod = null)
{
    /// <summary>Nothing to take it of.</summary>
    public static Estimate None { get; } = new(Value: null);

    /// <summary>A figure whose only interval is of patients.</summary>
    internal static Estimate Of(double value, Interval? bootstrap) => double.IsFinite(value)
        ? new(value, PatientLo: bootstrap?.Low, PatientHi: bootstrap?.High, PatientMethod: bootstrap is null ? null : "bootstrap")
        : None;

    /// <summary>A figure with both.</summary>
    /// <param name="value">NaN: nothing to take it of.</param>
    /// <param name="interval">Units independent.</param>
    /// <param name="method">Its name.</param>
    /// <param name="bootstrap">Null: rests on too few, has no width, or is not defined.</param>
    /// <param name="instead">The interval that then stands in.</param>
    /// <param name="insteadMethod">Its name.</param>
    internal static Estimate Of(double value, Interval interval, string method, Interval? bootstrap, Interval instead, string insteadMethod) =>
        !double.IsFinite(value) ? None
        : new(value, interval.Low, interval.High, method, (bootstrap ?? instead).Low, (bootstrap ?? instead).High, bootstrap is null ? insteadMethod : "bootstrap");
}
