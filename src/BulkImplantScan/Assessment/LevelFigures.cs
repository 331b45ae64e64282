using BulkImplantScan.Evaluation;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>The study's table on one level: films, hips or patients, never mixed.</summary>
/// <remarks>The answer is the class of the largest probability, thresholds ignored. A unit without probabilities (rejected, failed) has no answer:
/// it is an error in every share, and in no area.</remarks>
public sealed record LevelFigures
{
    /// <summary>At least so many positives and negatives must be misplaced for a variance of an area; else Newcombe's interval stands in.</summary>
    public const int LeastMisplaced = 20;

    /// <summary><c>film</c>, <c>hip</c> or <c>patient</c>.</summary>
    public required string Level { get; init; }

    /// <summary>Units.</summary>
    public required int N { get; init; }

    /// <summary>Their patients.</summary>
    public required int Patients { get; init; }

    /// <summary>Share of units whose answer is right.</summary>
    public required Estimate Top1 { get; init; }

    /// <summary>The same of the units that show a device: the study's test set had no others.</summary>
    public required Estimate Top1Devices { get; init; }

    /// <summary>How much less the films of <see cref="Top1"/> say than as many films of as many patients would (Rao and Scott 1992); null where that cannot be estimated.</summary>
    public required double? DesignEffect { get; init; }

    /// <summary>Mean over classes of (TP + TN) / N: not accuracy. With K classes and a top-1 of a it is near 1 − 2(1 − a) / K.</summary>
    public required Estimate MeanOneVersusRestAccuracy { get; init; }

    /// <summary>By class of the catalogue, in the model's order.</summary>
    public required IReadOnlyList<DeviceFigures> Devices { get; init; }

    /// <summary>Means over devices that have units: each device counts alike.</summary>
    public required IReadOnlyDictionary<string, Estimate> Macro { get; init; }

    /// <summary>Means over devices, each by its number of units.</summary>
    public required IReadOnlyDictionary<string, Estimate> Weighted { get; init; }

    /// <summary>Id of the device with the lowest sensitivity; null without devices.</summary>
    public required string? WorstDevice { get; init; }

    private static readonly string[] Names = ["precision", "sensitivity", "specificity", "f1", "auc"];

    internal static LevelFigures Of(string level, JudgedUnit[] units, IReadOnlyList<RunClass> classes, EvaluationOptions options)
    {
        var patients = PatientNumbers.Of(units.Select(unit => unit.Patient));
        var all = Enumerable.Range(0, units.Length).ToArray();
        int[] catalogue = [.. Enumerable.Range(0, classes.Count).Where(c => classes[c].Answers)];
        var problems = Array.ConvertAll(catalogue, c => new OneVersusRest(
            all, Array.ConvertAll(units, u => u.Is[c]), Array.ConvertAll(units, u => u.Called[c]), Array.ConvertAll(units, u => u.Scores[c])));
        bool[] isDevice = [.. catalogue.Select(c => classes[c].Kind == "device")];
        var showsDevice = Array.ConvertAll(units, u => catalogue.Where((_, i) => isDevice[i]).Any(c => u.Is[c]));

        var figures = Names.Length * catalogue.Length + 3 + 2 * Names.Length;
        void Compute(int[] weights, double[] into)
        {
            var (at, ovr) = (0, 0.0);
            var sums = new double[2 * Names.Length];
            var totals = new double[2 * Names.Length];
            for (var i = 0; i < problems.Length; i++)
            {
                var counts = problems[i].Counts(weights);
                long shown = counts.TruePositives + counts.FalseNegatives, n = shown + counts.FalsePositives + counts.TrueNegatives;
                double[] five = [counts.Precision, counts.Sensitivity, counts.Specificity, counts.F1, problems[i].Auc(weights)];
                ovr += (counts.TruePositives + counts.TrueNegatives) / (double)n;
                for (var f = 0; f < Names.Length; f++)
                {
                    into[at++] = five[f];
                    if (!isDevice[i] || shown == 0 || double.IsNaN(five[f])) continue;
                    (sums[f], totals[f]) = (sums[f] + five[f], totals[f] + 1);
                    (sums[Names.Length + f], totals[Names.Length + f]) = (sums[Names.Length + f] + shown * five[f], totals[Names.Length + f] + shown);
                }
            }

            double right = 0, rightDevices = 0, devices = 0, weightsSum = 0;
            for (var i = 0; i < units.Length; i++)
            {
                weightsSum += weights[i];
                if (units[i].IsRight) right += weights[i];
                if (showsDevice[i]) devices += weights[i];
                if (showsDevice[i] && units[i].IsRight) rightDevices += weights[i];
            }

            (into[at], into[at + 1], into[at + 2]) = (right / weightsSum, rightDevices / devices, ovr / problems.Length);
            for (var f = 0; f < sums.Length; f++) into[at + 3 + f] = sums[f] / totals[f];
        }

        var values = new double[figures];
        var once = Array.ConvertAll(units, _ => 1);
        Compute(once, values);
        var intervals = new ClusterBootstrap(patients, options.Replicates, options.Seed).Of(figures, Compute);

        var devices = new DeviceFigures[catalogue.Length];
        for (var i = 0; i < catalogue.Length; i++)
            devices[i] = Device(units, classes[catalogue[i]], catalogue[i], problems[i], once, values.AsSpan(Names.Length * i), intervals.AsSpan(Names.Length * i));

        var rest = Names.Length * catalogue.Length;
        var top1 = Share(units, _ => true, unit => unit.IsRight, intervals[rest]);
        return new()
        {
            Level = level,
            N = units.Length,
            Patients = patients.Distinct().Count(),
            Top1 = top1,
            Top1Devices = Share(units, unit => catalogue.Where((_, i) => isDevice[i]).Any(c => unit.Is[c]), unit => unit.IsRight, intervals[rest + 1]),
            DesignEffect = Clustered(units, _ => true, unit => unit.IsRight).DesignEffect is var design && double.IsFinite(design) ? design : null,
            MeanOneVersusRestAccuracy = Estimate.Of(values[rest + 2], intervals[rest + 2]),
            Devices = devices,
            Macro = Means(rest + 3),
            Weighted = Means(rest + 3 + Names.Length),
            WorstDevice = devices.Where(d => d.Kind == "device" && d.Sensitivity.Value is not null).MinBy(d => d.Sensitivity.Value)?.Id,
        };

        Dictionary<string, Estimate> Means(int from) =>
            Names.Select((name, f) => (name, Estimate.Of(values[from + f], intervals[from + f]))).ToDictionary(pair => pair.name, pair => pair.Item2);
    }

    private static DeviceFigures Device(
        JudgedUnit[] units, RunClass of, int c, OneVersusRest problem, int[] once, ReadOnlySpan<double> values, ReadOnlySpan<Interval?> bootstrap)
    {
        var counts = problem.Counts(once);
        var jaccard = Clustered(units, unit => unit.Is[c] || unit.Called[c], unit => unit.Is[c] && unit.Called[c]).Interval;
        return new(
            of.Id, Name(of), of.Kind, (int)(counts.TruePositives + counts.FalseNegatives), problem.Positives.Length, problem.Negatives.Length, PatientsOf(units, unit => unit.Is[c]),
            Share(units, unit => unit.Called[c], unit => unit.Is[c], bootstrap[0]),
            Share(units, unit => unit.Is[c], unit => unit.Called[c], bootstrap[1]),
            Share(units, unit => !unit.Is[c], unit => !unit.Called[c], bootstrap[2]),
            Estimate.Of(values[3], counts.F1Interval, "wilson_of_jaccard", new(2 * jaccard.Low / (1 + jaccard.Low), 2 * jaccard.High / (1 + jaccard.High)), "wilson_effective", bootstrap[3]),
            Area(Array.ConvertAll(units, unit => (unit.Is[c], unit.Scores[c], unit.Patient)), bootstrap[4]));
    }

    /// <summary>An area with all intervals; units without a score are in none.</summary>
    internal static Estimate Area(IReadOnlyList<(bool IsPositive, double Score, int Patient)> units, Interval? bootstrap)
    {
        (double Score, int Patient)[] Of(bool positive) =>
            [.. units.Where(unit => unit.IsPositive == positive && !double.IsNaN(unit.Score)).Select(unit => (unit.Score, unit.Patient))];
        var (positives, negatives) = (Of(true), Of(false));
        if (positives.Length == 0 || negatives.Length == 0) return Estimate.None;
        var auc = AucDeLong.Of(Array.ConvertAll(positives, p => p.Score), Array.ConvertAll(negatives, n => n.Score), LeastMisplaced);
        return Estimate.Of(
            auc.Auc, auc.Interval, auc.Method == AucMethod.DeLong ? "delong" : "newcombe",
            ClusteredAuc.Of(positives, negatives, LeastMisplaced).Interval, "newcombe_effective", bootstrap);
    }

    /// <summary>Manufacturer and model, or the id.</summary>
    internal static string Name(RunClass c) => c.Manufacturer is null && c.Model is null ? c.Id : $"{c.Manufacturer} {c.Model}".Trim();

    /// <summary>A share of units with both intervals.</summary>
    internal static Estimate Share(JudgedUnit[] units, Func<JudgedUnit, bool> isCounted, Func<JudgedUnit, bool> isHit, Interval? bootstrap)
    {
        var counted = units.Where(isCounted).ToArray();
        var hits = counted.Count(isHit);
        return counted.Length == 0 ? Estimate.None : Estimate.Of(
            hits / (double)counted.Length, Wilson.Of(hits, counted.Length), "wilson", Clustered(units, isCounted, isHit).Interval, "wilson_effective", bootstrap);
    }

    private static ClusteredProportion Clustered(JudgedUnit[] units, Func<JudgedUnit, bool> isCounted, Func<JudgedUnit, bool> isHit)
    {
        var clusters = units.Where(isCounted).GroupBy(unit => unit.Patient).Select(films => (Hits: films.Count(isHit), Films: films.Count())).ToArray();
        return ClusteredProportion.Of(Array.ConvertAll(clusters, c => c.Hits), Array.ConvertAll(clusters, c => c.Films));
    }

    private static int PatientsOf(JudgedUnit[] units, Func<JudgedUnit, bool> isCounted) => units.Where(isCounted).Select(unit => unit.Patient).Distinct().Count();
}
