namespace BulkImplantScan.Assessment;

/// <summary>A run against the truth: labels → join → figures.</summary>
public static class RunEvaluation
{
    /// <summary>Works out everything; the same run, truth and options give the same result.</summary>
    /// <param name="runFolder">The run.</param>
    /// <param name="truthPath">Labels (<see cref="TruthFile"/>).</param>
    /// <param name="options">Null for the usual.</param>
    /// <param name="stop">Cancels while maps are tried.</param>
    /// <exception cref="TruthException">The labels cannot be used.</exception>
    /// <exception cref="Results.RunFolderException">A run cannot be used.</exception>
    public static EvaluationResult Of(string runFolder, string truthPath, EvaluationOptions? options = null, CancellationToken stop = default)
    {
        options ??= new();
        var truth = TruthFile.Read(truthPath);
        var run = LabelledRun.Join(runFolder, truth, options.FilmsFolder);
        var (classes, films) = (run.Classes, run.Films);
        var subgroups = SubgroupFigures.Of(run);
        var training = options.TrainedOn is { } trainedOn ? TrainingOverlap.Of(truth, TruthFile.Read(trainedOn)) : null;
        var calibration = CalibrationFigures.Of(run, options);
        var maps = MapFigures.Of(run, options, stop);
        return new()
        {
            ProductVersion = run.Run.Manifest.ProductVersion,
            Model = run.Run.Manifest.Model!,
            Settings = run.Run.Manifest.Settings,
            TruthSha256 = truth.Sha256,
            Seed = options.Seed,
            Replicates = options.Replicates,
            Alpha = ConformalFigures.Miss(run, options),
            Flow = run.Flow,
            Training = training,
            Levels =
            [
                LevelFigures.Of("film", JudgedUnit.Films(films, classes.Count), classes, options),
                LevelFigures.Of("hip", JudgedUnit.Hips(films, classes.Count), classes, options),
                LevelFigures.Of("patient", JudgedUnit.Patients(films, classes.Count), classes, options),
            ],
            Confusion = Confusion.Forced(run),
            ConfusionAnswered = Confusion.Answered(run),
            Roc = RocFigure.Of(run),
            Calibration = calibration,
            Conformal = ConformalFigures.Of(run, options),
            Selective = SelectiveFigures.Of(run, options),
            Unknown = UnknownFigures.Of(run, options),
            Localisation = LocalisationFigures.Of(run),
            Maps = maps,
            Subgroups = subgroups,
            Paper = options.ComparePaper ? PaperReference.Read() : null,
            Comparison = options.CompareRun is { } other ? RunComparison.Of(run, LabelledRun.Join(other, truth, options.FilmsFolder, filmForBoth: run.Films.Any(film => film.IsHipOfPelvis))) : null,
            Checklists = Checklists.Of(run, run.Flow, options, training, maps, subgroups.Length > 0, calibration.N > 0),
            WrongFilms = WrongFilm.Of(run),
        };
    }
}
