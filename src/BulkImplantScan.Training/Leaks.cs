namespace BulkImplantScan.Training;

/// <summary>Finds films of one patient, or of the same pixels, on two sides that must not share any.</summary>
internal static class Leaks
{
    /// <summary>Refuses sides that share pixels.</summary>
    /// <param name="films">The films of both.</param>
    /// <param name="split">The sides.</param>
    /// <exception cref="TrainingException">They do; the message names two files.</exception>
    public static void Refuse(FilmSet films, PatientSplit split)
    {
        var trained = split.Training.GroupBy(films.PixelHash).ToDictionary(same => same.Key, same => same.First());
        foreach (var film in split.Validation)
        {
            if (trained.TryGetValue(films.PixelHash(film), out var other))
                throw new TrainingException($"{films.Films[film].Path} and {films.Films[other].Path} show the same pixels under two patients, so a film to train on would also be one to validate with: give them one patient, or leave one out.");
        }
    }

    /// <summary>Refuses a test that shares patients or pixels with what was trained or tuned on.</summary>
    /// <param name="films">Films of the training, both sides.</param>
    /// <param name="test">Films to judge the finished model on.</param>
    /// <exception cref="TrainingException">They share some.</exception>
    public static void Refuse(FilmSet films, FilmSet test)
    {
        var patients = films.Films.Where(film => film.NamesPatient).Select(film => film.Patient).ToHashSet(StringComparer.Ordinal);
        var shared = test.Films.Count(film => film.NamesPatient && patients.Contains(film.Patient));
        if (shared > 0) throw new TrainingException($"{shared} films of the test are of patients who are in the training: a test needs other patients.");
        var pixels = Enumerable.Range(0, films.Films.Count).Select(films.PixelHash).ToHashSet();
        shared = Enumerable.Range(0, test.Films.Count).Count(film => pixels.Contains(test.PixelHash(film)));
        if (shared > 0) throw new TrainingException($"{shared} films of the test show the same pixels as films of the training: a test needs other films.");
    }
}
