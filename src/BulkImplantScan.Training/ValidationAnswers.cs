using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>Counts what a scan with a package would say of its validation films.</summary>
internal static class ValidationAnswers
{
    private static readonly Reason[] Refusals = [Reason.LowConfidence, Reason.OutOfDistribution, Reason.UnknownHardware, Reason.NotAHip, Reason.NotFinite];

    /// <summary>Films by true class and by answer: the classes that answer, then the reasons to abstain.</summary>
    public static AnswerCounts Of(ModelPackage package, IReadOnlyList<JudgedFilm> films)
    {
        string[] answers = [.. package.Classes.Where(device => device.Answers).Select(device => device.Id), .. Refusals.Select(reason => reason.InRow())];
        string[] truths = [.. package.Classes.Select(device => device.Id), .. films.Any(film => film.Class < 0) ? [Catalogue.Unknown] : (string[])[]];
        var counts = truths.Select(_ => new int[answers.Length]).ToArray();
        foreach (var film in films)
        {
            var decision = Decision.Of(package, film.Logits, explanationIsFinite: true, film.Features);
            var answer = decision.Status == FilmStatus.Abstained ? decision.Reason.InRow() : decision.TopClass!.Id;
            counts[film.Class < 0 ? truths.Length - 1 : film.Class][Array.IndexOf(answers, answer)]++;
        }

        var shown = Enumerable.Range(0, truths.Length).Where(t => counts[t].Sum() > 0).ToArray();
        return new([.. shown.Select(t => truths[t])], answers, [.. shown.Select(t => counts[t])]);
    }
}
