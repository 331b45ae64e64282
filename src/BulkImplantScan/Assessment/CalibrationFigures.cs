using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>Do probabilities mean what they say? Of films of the model's classes that have some.</summary>
public sealed record CalibrationFigures
{
    // The least a single-precision probability can be above 0: a true class of probability 0 costs 103, not everything.
    private const double Floor = 1.401298464324817e-45;

    /// <summary>Films.</summary>
    public required int N { get; init; }

    /// <summary>Expected calibration error of the answer, 15 bins of equal width.</summary>
    public required Estimate Ece { get; init; }

    /// <summary>Σ over classes of (p − y)², mean over films: 0 to 2 (Brier 1950).</summary>
    public required Estimate Brier { get; init; }

    /// <summary>−log of the probability of the truth, mean over films.</summary>
    public required Estimate Nll { get; init; }

    /// <summary>The bins of <see cref="Ece"/> that hold films.</summary>
    public required IReadOnlyList<ReliabilityBin> Bins { get; init; }

    internal static CalibrationFigures Of(LabelledRun run, EvaluationOptions options)
    {
        var films = run.Films.Where(film => film.Truth >= 0 && film.Top >= 0).ToArray();
        var confidences = Array.ConvertAll(films, film => film.Probabilities[film.Top]);
        var isRight = Array.ConvertAll(films, film => film.Top == film.Truth);
        var brier = Array.ConvertAll(films, film => film.Probabilities.Select((p, c) => p - (c == film.Truth ? 1 : 0)).Sum(d => d * d));
        var nll = Array.ConvertAll(films, film => -Math.Log(Math.Max(film.Probabilities[film.Truth], Floor)));

        void Compute(int[] weights, double[] into)
        {
            double n = 0, b = 0, l = 0;
            for (var i = 0; i < films.Length; i++) (n, b, l) = (n + weights[i], b + weights[i] * brier[i], l + weights[i] * nll[i]);
            (into[0], into[1], into[2]) = (Reliability.Of(confidences, isRight, weights).Error, b / n, l / n);
        }

        var values = new double[3];
        Compute(Array.ConvertAll(films, _ => 1), values);
        var intervals = new ClusterBootstrap(PatientNumbers.Of(films.Select(film => film.Patient)), options.Replicates, options.Seed).Of(3, Compute);
        var reliability = Reliability.Of(confidences, isRight);
        return new()
        {
            N = films.Length,
            Ece = Estimate.Of(values[0], intervals[0]),
            Brier = Estimate.Of(values[1], intervals[1]),
            Nll = Estimate.Of(values[2], intervals[2]),
            Bins = [.. Enumerable.Range(0, reliability.Bins).Where(b => reliability.Films(b) > 0).Select(b => new ReliabilityBin(
                b / (double)reliability.Bins, (b + 1) / (double)reliability.Bins, (int)reliability.Films(b), reliability.Confidence(b), reliability.Accuracy(b)))],
        };
    }
}
