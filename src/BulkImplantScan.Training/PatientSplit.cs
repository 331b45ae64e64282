namespace BulkImplantScan.Training;

/// <summary>Divides films by patient: no patient is on both sides.</summary>
/// <param name="Training">Indices of the films to train on, of trainable labels only.</param>
/// <param name="Validation">Indices of the films to choose temperature and thresholds on; unknown hardware included.</param>
internal sealed record PatientSplit(int[] Training, int[] Validation)
{
    /// <summary>Draws the patients of the validation side, within each label, so that rare ones are on both.</summary>
    /// <param name="films">All films.</param>
    /// <param name="isTrained">Whether a label is a class; films of others are validation only.</param>
    /// <param name="share">Share of each label's patients, (0, 1).</param>
    /// <param name="seed">Of the draw.</param>
    public static PatientSplit Draw(IReadOnlyList<LabelledFilm> films, Func<string, bool> isTrained, double share, int seed)
    {
        // A patient with several labels goes by the first.
        var patients = films.Where(film => isTrained(film.Label)).GroupBy(film => film.Patient, film => film.Label, StringComparer.Ordinal)
            .GroupBy(patient => patient.First(), patient => patient.Key, StringComparer.Ordinal).OrderBy(label => label.Key, StringComparer.Ordinal);
        var random = new Random(seed);
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var label in patients)
        {
            var names = label.ToArray();
            random.Shuffle(names);
            held.UnionWith(names.Take((int)Math.Round(names.Length * share)));
        }

        var all = Enumerable.Range(0, films.Count).ToArray();
        var trained = films.Where(film => isTrained(film.Label)).Select(film => film.Patient).Except(held).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. all.Where(i => isTrained(films[i].Label) && trained.Contains(films[i].Patient))],
            [.. all.Where(i => isTrained(films[i].Label) ? held.Contains(films[i].Patient) : !trained.Contains(films[i].Patient))]);
    }
}
