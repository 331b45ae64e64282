using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>What abstaining buys, of films of the model's classes.</summary>
public sealed record SelectiveFigures
{
    private const int CurvePoints = 200;

    /// <summary>Share of films that the engine answers (identified or none), rejected and failed ones among the others.</summary>
    public required Estimate Answered { get; init; }

    /// <summary>Of those answered: right.</summary>
    public required Estimate RightOfAnswered { get; init; }

    /// <summary>Of all: answered and right.</summary>
    public required Estimate RightOfAll { get; init; }

    /// <summary>Films with probabilities: what the curve is of.</summary>
    public required int N { get; init; }

    /// <summary>Area under risk over coverage, films kept by the probability of their answer.</summary>
    public required Estimate Aurc { get; init; }

    /// <summary>Area under errors of all over coverage.</summary>
    public required Estimate Augrc { get; init; }

    /// <summary>Share of films kept, of points of the curve.</summary>
    public required IReadOnlyList<double> Coverage { get; init; }

    /// <summary>Share of errors among those kept, at those points.</summary>
    public required IReadOnlyList<double> Risk { get; init; }

    internal static SelectiveFigures Of(LabelledRun run, EvaluationOptions options)
    {
        var all = run.Films.Where(film => film.Truth >= 0).ToArray();
        var shares = new ClusterBootstrap(PatientNumbers.Of(all.Select(film => film.Patient)), options.Replicates, options.Seed).Of(3, (weights, into) =>
        {
            double n = 0, answered = 0, right = 0;
            for (var i = 0; i < all.Length; i++)
            {
                n += weights[i];
                if (!all[i].IsAnswered) continue;
                answered += weights[i];
                if (all[i].Top == all[i].Truth) right += weights[i];
            }

            (into[0], into[1], into[2]) = (answered / n, right / answered, right / n);
        });
        var units = Array.ConvertAll(all, film => new JudgedUnit(film.Patient, [], [film.IsAnswered], [], film.Top == film.Truth));

        var films = Array.FindAll(all, film => film.Top >= 0);
        var confidences = Array.ConvertAll(films, film => film.Probabilities[film.Top]);
        var isRight = Array.ConvertAll(films, film => film.Top == film.Truth);
        var curve = RiskCoverage.Of(confidences, isRight);
        var areas = new ClusterBootstrap(PatientNumbers.Of(films.Select(film => film.Patient)), options.Replicates, options.Seed)
            .Of(2, (weights, into) => (into[0], into[1]) = curve.Areas(weights));
        int[] kept = [.. Enumerable.Range(1, Math.Min(CurvePoints, curve.Films)).Select(i => (int)((long)i * curve.Films / Math.Min(CurvePoints, curve.Films)))];
        return new()
        {
            Answered = LevelFigures.Share(units, _ => true, unit => unit.Called[0], shares[0]),
            RightOfAnswered = LevelFigures.Share(units, unit => unit.Called[0], unit => unit.IsRight, shares[1]),
            RightOfAll = LevelFigures.Share(units, _ => true, unit => unit.Called[0] && unit.IsRight, shares[2]),
            N = films.Length,
            Aurc = Estimate.Of(curve.Aurc, areas[0]),
            Augrc = Estimate.Of(curve.Augrc, areas[1]),
            Coverage = [.. kept.Select(k => k / (double)curve.Films)],
            Risk = [.. kept.Select(curve.Risk)],
        };
    }
}
