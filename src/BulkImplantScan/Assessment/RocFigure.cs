using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Assessment;

/// <summary>The ROC curve of one class against all others, of films.</summary>
/// <param name="Id">Of the class.</param>
/// <param name="FalsePositiveRate">Of each corner.</param>
/// <param name="TruePositiveRate">Of each corner.</param>
public sealed record RocFigure(string Id, IReadOnlyList<double> FalsePositiveRate, IReadOnlyList<double> TruePositiveRate)
{
    private const int MostCorners = 1000;

    internal static RocFigure[] Of(LabelledRun run)
    {
        var films = run.Films.Where(film => film.Truth >= 0 && film.Top >= 0).ToArray();
        return
        [
            .. Enumerable.Range(0, run.Classes.Count).Where(c => run.Classes[c].Answers).Select(c =>
            {
                var corners = RocCurve.Of(
                    [.. films.Where(film => film.Truth == c).Select(film => LogOdds.Of(film.Probabilities, c))],
                    [.. films.Where(film => film.Truth != c).Select(film => LogOdds.Of(film.Probabilities, c))]);
                if (corners.Length > MostCorners)
                    corners = [.. Enumerable.Range(0, MostCorners).Select(i => corners[(int)((long)i * (corners.Length - 1) / (MostCorners - 1))])];
                return new RocFigure(run.Classes[c].Id, [.. corners.Select(corner => corner.FalsePositiveRate)], [.. corners.Select(corner => corner.TruePositiveRate)]);
            }),
        ];
    }
}
