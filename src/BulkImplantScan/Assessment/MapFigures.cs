using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>Do answers hang on what their Grad-CAMs show, and maps on what was learned? (<see cref="MapTrials"/>)</summary>
/// <remarks>Films that show a device, one of each patient so that they are independent, in the order of their keys.</remarks>
/// <param name="N">Films tried.</param>
/// <param name="Unreadable">Films that would have been, and are not there to be read, are no DICOM files, or have another answer now: they were changed.</param>
/// <param name="Deletion">Mean of <see cref="MapTrial.Deletion"/>; above 0: the answer hangs on what the map shows.</param>
/// <param name="Insertion">Mean of <see cref="MapTrial.Insertion"/>.</param>
/// <param name="Likeness">By share of the layers, from the last, that are shuffled.</param>
public sealed record MapFigures(int N, int Unreadable, MeanFigure Deletion, MeanFigure Insertion, IReadOnlyList<MapLikeness> Likeness)
{
    /// <summary>Tries the maps of a run's films; the films are read again.</summary>
    /// <returns>Null: no model is given.</returns>
    /// <exception cref="TruthException">The run is of another model.</exception>
    internal static MapFigures? Of(LabelledRun run, EvaluationOptions options, CancellationToken stop)
    {
        if (options.Model is not { } model) return null;
        if (run.Run.Manifest.Model!.Sha256 != Pipeline.Scan.Fingerprint(model))
            throw new TruthException($"{run.Run.FullPath} was scanned with another model than {model.Folder}: its maps are not those of the run. Name the package that it was scanned with.");
        var films = run.Films.Where(film => film.Truth >= 0 && run.Classes[film.Truth].Kind == "device" && film is { Path: not null, Top: >= 0, IsHipOfPelvis: false })
            .OrderBy(film => film.FilmKey, StringComparer.Ordinal).DistinctBy(film => film.Patient);
        using var trials = new MapTrials(model, Environment.ProcessorCount);
        using var pool = new PixelBufferPool(1);
        var reader = new FilmReader(model.Input, pool);
        var input = new float[model.Input.FilmLength];
        var (tried, unreadable) = (new List<MapTrial>(), 0);
        foreach (var film in films)
        {
            if (tried.Count == options.Maps) break;
            stop.ThrowIfCancellationRequested();
            var trial = reader.Read(film.Path!, input, out var shown) == Reason.None ? trials.Try(input, shown.Box, seed: tried.Count) : null;
            if (trial?.Answer == film.Top) tried.Add(trial);
            else unreadable++;
        }

        return new(
            tried.Count, unreadable, MeanFigure.Of(tried.Select(trial => trial.Deletion)), MeanFigure.Of(tried.Select(trial => trial.Insertion)),
            [.. MapTrials.Shuffled.Select((share, s) => new MapLikeness(share, MeanFigure.Of(tried.Select(trial => trial.Likeness[s]))))]);
    }
}
