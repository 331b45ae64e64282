using BulkImplantScan.Evaluation;

namespace BulkImplantScan.Auditing;

/// <summary>Answers to films by a logistic regression that has seen no film of their patients.</summary>
internal static class PatientFolds
{
    /// <summary>Patients are dealt into so many folds.</summary>
    public const int Folds = 5;

    // scikit-learn's usual C = 1, at some hundreds of films.
    private const double Strength = 1;

    /// <summary>Probabilities of each film, fitted on the patients of the other folds.</summary>
    public static double[][] Probabilities(IReadOnlyList<double[]> films, IReadOnlyList<int> labels, IReadOnlyList<int> patients, int classes)
    {
        var answers = new double[films.Count][];
        Parallel.For(0, Folds, fold =>
        {
            int[] others = [.. Enumerable.Range(0, films.Count).Where(i => patients[i] % Folds != fold)];
            if (others.Length == 0) return;
            var model = MultinomialLogistic.Fit([.. others.Select(i => films[i])], [.. others.Select(i => labels[i])], classes, 1 / (Strength * others.Length));
            for (var i = 0; i < films.Count; i++) if (patients[i] % Folds == fold) answers[i] = model.Probabilities(films[i]);
        });
        for (var i = 0; i < answers.Length; i++) answers[i] ??= [.. Enumerable.Repeat(1.0 / classes, classes)]; // all patients in one fold: nothing to learn from
        return answers;
    }
}
