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
    public static double[][] Probabilities(IReadOnlyList<double[]> films, IReadOnlyList<int> labels, IReadOnlyList<int> patients, int classes) =>
        LeavingOut(films, labels, [.. patients.Select(patient => patient % Folds)], patients, classes);

    /// <summary>Probabilities of each film, fitted on the films of the other groups, but for those of patients of its own.</summary>
    /// <param name="films">Features, all of one length.</param>
    /// <param name="labels">Class of each, [0, <paramref name="classes"/>).</param>
    /// <param name="groups">Group of each; any number; below 0: learned from, never left out, and without an answer (empty).</param>
    /// <param name="patients">Patient of each.</param>
    /// <param name="classes">2 or more.</param>
    public static double[][] LeavingOut(
        IReadOnlyList<double[]> films, IReadOnlyList<int> labels, IReadOnlyList<int> groups, IReadOnlyList<int> patients, int classes)
    {
        var answers = new double[films.Count][];
        Array.Fill(answers, []);
        Parallel.ForEach(Enumerable.Range(0, films.Count).Where(i => groups[i] >= 0).GroupBy(i => groups[i]), group =>
        {
            var theirs = group.Select(i => patients[i]).ToHashSet();
            int[] others = [.. Enumerable.Range(0, films.Count).Where(i => groups[i] != group.Key && !theirs.Contains(patients[i]))];
            // All films in one group: nothing to learn from.
            var model = others.Length == 0 ? null : MultinomialLogistic.Fit([.. others.Select(i => films[i])], [.. others.Select(i => labels[i])], classes, 1 / (Strength * others.Length));
            foreach (var i in group) answers[i] = model?.Probabilities(films[i]) ?? [.. Enumerable.Repeat(1.0 / classes, classes)];
        });
        return answers;
    }
}
