using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>From labelled films to a package: load, split, train, write, check, calibrate, judge.</summary>
internal sealed class TrainingRun(TrainingOptions options, Action<string> say)
{
    /// <summary>Largest difference between TorchSharp's logits and those of the written graph: fp32, other order of summation.</summary>
    public const float Tolerance = 1e-4f;

    // What a scan cuts off for this package it must not be trained on.
    private const InputField Shown = InputField.Crop;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(20);

    /// <summary>Trains and writes the package.</summary>
    /// <exception cref="TrainingException">Labels or films that cannot be trained on.</exception>
    /// <exception cref="ModelPackageException">The package cannot be written.</exception>
    /// <exception cref="RunFolderException">The disk is full, or the folder cannot be written.</exception>
    /// <exception cref="IOException">So is the temporary folder, or there can be no such folder as asked for.</exception>
    /// <exception cref="NetworkDiffersException">The written network is not the trained one.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing was written.</exception>
    public ModelPackage Execute(CancellationToken stop)
    {
        ModelPackage.RequireFree(options.Out);
        if (options.Calibrate is { } given) return Calibrated(ModelPackage.Load(given), stop);
        Directory.CreateDirectory(options.Work); // a folder that cannot be written is said at once
        try
        {
            return Trained(stop);
        }
        finally
        {
            if (Directory.Exists(options.Work) && !Directory.EnumerateFileSystemEntries(options.Work).Any()) Directory.Delete(options.Work);
        }
    }

    private ModelPackage Trained(CancellationToken stop)
    {
        // Before the films, which take a while: what can be wrong is said at once.
        var labels = LabelsOf(options.Labels);
        var testLabels = TestLabels();
        var start = options.StartFrom is { } from ? StartingWeights.Read(from) : null;
        var classes = Catalogue.Classes(labels.Select(film => film.Label), options.Devices, options.Refusing);
        var films = FilmsOf(options.Films, labels, options.InputSize, Shown, stop);
        var ids = classes.Select(device => device.Id).ToHashSet(StringComparer.Ordinal);
        var split = PatientSplit.Draw(films.Films, ids.Contains, options.ValidationShare, options.Seed);
        if (split.Training.Length < options.Batch)
            throw new TrainingException($"{split.Training.Length} films are left to train on; a batch has {options.Batch}.");
        Leaks.Refuse(films, split);
        var others = OtherFilms(films, testLabels, options.InputSize, Shown, stop);
        var watched = split.Validation.Where(film => ids.Contains(films.Films[film].Label)).ToArray();
        say($"{split.Training.Length} films to train on, {watched.Length} to validate, {split.Validation.Length - watched.Length} of unknown hardware to choose thresholds");

        var (mean, deviation) = films.Moments(split.Training);
        var input = new InputGeometry(1, options.InputSize, options.InputSize, [mean], [deviation]) { FieldOfView = Shown };
        var architecture = Architecture(options.Width, options.WideBlocks);
        using var trainer = new Trainer(films, input, classes, architecture, options);
        if (start is not null) trainer.TakeOver(start.Pruned(architecture), classes, split.Training.AsSpan(0, Math.Min(64, split.Training.Length)));
        WriteSplit(films, split);
        if (Lookalikes.Tell(options.Work, films, split.Training, films, split.Validation, "validation") is { } alike) say(alike);
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        var epochs = new List<EpochReport>();
        int first = 0;
        trainer.Run(
            split.Training,
            watched,
            Path.Combine(options.Work, "checkpoint.bin"),
            Fingerprint(films),
            (step, steps) =>
            {
                if (clock.Elapsed - told < ProgressEvery) return;
                if (told == TimeSpan.Zero) first = step;
                told = clock.Elapsed;
                var left = step == first ? double.NaN : (steps - step) * told.TotalMinutes / (step - first);
                say(string.Create(CultureInfo.InvariantCulture, $"step {step} of {steps}{(double.IsNaN(left) ? "" : $", about {left:F0} min left")}"));
            },
            epoch =>
            {
                epochs.Add(epoch);
                TrainingCurves.Write(options.Work, epochs, Trainer.BestOf(epochs));
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {epoch.Epoch}/{options.Epochs}  loss {epoch.Loss:F3}  validation {epoch.Accuracy:P1}, loss {epoch.ValidationLoss:F3}  evidence on metal {epoch.Inside:P0}  {epoch.FilmsPerSecond:F0} films/s"));
            },
            stop);

        var folded = trainer.Module.Fold();
        var draft = new ModelPackage { Name = options.Name, Classes = classes, Input = input };
        var onnx = ResidualGraph.Write(architecture, input, classes.Count, folded, draft.Tensors);
        var scratch = Directory.CreateTempSubdirectory("bis-train-").FullName;
        try
        {
            draft = draft.Save(Path.Combine(scratch, "draft"), onnx, "");
            Check(draft, trainer, films, split);
            var package = Finish(draft, onnx, films, split, others, folded.Values.Sum(values => (long)values.Length), stop);
            File.Delete(Path.Combine(options.Work, "checkpoint.bin"));
            return package;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    // The same films on the same sides as a training with these labels and this seed would have them: only the weights are given.
    private ModelPackage Calibrated(ModelPackage package, CancellationToken stop)
    {
        var labels = LabelsOf(options.Labels);
        var testLabels = TestLabels();
        var ids = package.Classes.Select(device => device.Id).ToHashSet(StringComparer.Ordinal);
        if (package.Input is not { Channels: 1 } || package.Input.Height != package.Input.Width)
            throw new TrainingException($"{package.Folder} has another input than train gives its networks: one channel, as high as wide.");
        var films = FilmsOf(options.Films, labels, package.Input.Height, package.Input.FieldOfView, stop);
        var split = PatientSplit.Draw(films.Films, ids.Contains, options.ValidationShare, options.Seed);
        Leaks.Refuse(films, split);
        var others = OtherFilms(films, testLabels, package.Input.Height, package.Input.FieldOfView, stop);
        var onnx = package.ReadModel();
        var weights = OnnxFile.Read(onnx).Tensors.Values.Where(tensor => tensor.Type == OnnxTensor.Float && tensor.Name != "head.gradient").Sum(tensor => (long)tensor.Floats.Length / sizeof(float));
        return Finish(package with { Name = options.Name }, onnx, films, split, others, weights, stop);
    }

    // Films of one patient resemble each other, so of each patient and class one is drawn: conformal prediction asks that films of a
    // class be exchangeable.
    private JudgedFilm[] OneAPatient(FilmSet films, IReadOnlyList<JudgedFilm> judged)
    {
        var random = new Random(options.Seed);
        return [.. judged.GroupBy(film => (films.Films[film.Film].Patient, film.Class)).Select(same => same.ElementAt(random.Next(same.Count())))];
    }

    private static string HashOf(FilmSet films, int[] which)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pixels in which.Select(film => films.PixelHash(film)).Order()) hash.AppendData(BitConverter.GetBytes(pixels));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Same films, labels and options: only then a checkpoint is of this training.
    private string Fingerprint(FilmSet films)
    {
        var same = string.Create(
            CultureInfo.InvariantCulture,
            $"{HashOf(options.Labels)} {films.Films.Count} {options.Epochs} {options.Seed} {options.InputSize} {options.Width} {options.Batch} {options.LearningRate} {options.ValidationShare} {options.Cuda} {options.Refusing} {options.StartFrom}{(options.Augment ? "" : " as they are")}{(options.WideBlocks ? " wide" : "")} {options.MetalAlone}");
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(same)))[..32];
    }

    // Beside the package, not in it: paths may name patients, and packages are handed on.
    private void WriteSplit(FilmSet films, PatientSplit split)
    {
        var text = new System.Text.StringBuilder("file,label,side\n");
        foreach (var (side, which) in (ReadOnlySpan<(string, int[])>)[("training", split.Training), ("validation", split.Validation)])
            foreach (var film in which)
                text.Append('"').Append(films.Films[film].Path.Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\",").Append(films.Films[film].Label).Append(',').Append(side).Append('\n');
        AtomicFile.Write(Path.Combine(options.Work, "split.csv"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The small network, wider or narrower; channels are multiples of 8, which CPU kernels like.</summary>
    internal static ResidualArchitecture Architecture(double width, bool wideBlocks = false)
    {
        int Channels(int channels) => Math.Max(8, (int)Math.Round(channels * width / 8) * 8);
        var small = ResidualArchitecture.Small;
        return new(Channels(small.StemChannels), [.. small.Stages.Select(stage => stage with { Channels = Channels(stage.Channels), InnerChannels = Channels(wideBlocks ? stage.Channels : stage.InnerChannels ?? stage.Channels) })]);
    }

    private ModelPackage Finish(ModelPackage draft, byte[] onnx, FilmSet films, PatientSplit split, FilmSet? others, long weights, CancellationToken stop)
    {
        var validation = Judge.Run(draft, films, split.Validation, options.Threads, stop);
        var temperature = Calibration.Temperature(validation);
        var features = FeatureFit.Of(Judge.Run(draft, films, split.Training, options.Threads, stop), validation);
        var (probability, energy) = Calibration.Thresholds(validation, temperature, features);
        var known = validation.Count(film => film.IsKnown);
        var exchangeable = OneAPatient(films, validation);
        var provenance = string.Create(
            CultureInfo.InvariantCulture,
            $"{split.Training.Length} films of {Path.GetFileName(Path.GetFullPath(options.Films))} ({Path.GetFileName(options.Labels)}, SHA-256 {HashOf(options.Labels)}), {options.Epochs} epochs of {options.Batch} films a step{(options.Augment ? "" : ", without augmentation")}, AdamW to {options.LearningRate:G3}, seed {options.Seed}{From(options.StartFrom)}, TorchSharp on the CPU.");
        if (options.Calibrate is not null) provenance = $"{draft.Training} Calibrated anew with {Path.GetFileName(options.Labels)} (SHA-256 {HashOf(options.Labels)}), seed {options.Seed}.";
        var data = $"{known} validation films of the catalogue, {Calibration.Coverage:P0} of which stay answered, and {validation.Count - known} of unknown hardware; conformal sets on {exchangeable.Length} of them, one a patient and class; feature distance fitted on the training films. SHA-256 of the validation films' pixels {HashOf(films, split.Validation)}.";
        var package = draft with
        {
            Temperature = (float)temperature,
            Thresholds = new(probability, energy, Calibration.Conformal(exchangeable, temperature, draft.Classes.Count), data)
            {
                ConformalFilms = [.. Enumerable.Range(0, draft.Classes.Count).Select(c => exchangeable.Count(film => film.Class == c))],
                ConformalMiss = Calibration.ConformalMiss,
                Features = features,
            },
            Training = provenance,
        };
        package = package with { Thresholds = package.Thresholds with { Answers = ValidationAnswers.Of(package, validation) } };

        Scorecard? test = null;
        if (others is not null)
        {
            test = new(package, Judge.Run(package, others, Enumerable.Range(0, others.Films.Count), options.Threads, stop));
            say($"test: {test.Right} of {test.Known} right, {test.Answered} answered, of these {test.AnsweredRight} right; {test.UnknownIdentified + test.UnknownNone} of {test.Unknown} films of unknown hardware not refused");
        }

        stop.ThrowIfCancellationRequested();
        var card = ModelCard.Write(package, weights, provenance, new(package, validation), test, TestName());
        return package.Save(options.Out, onnx, card);
    }

    private LabelledFilm[]? TestLabels() => options.TestLabels is { } path ? LabelsOf(path) : null;

    private static LabelledFilm[] LabelsOf(string path) => [.. LabelFile.Read(path).Where(film => film.Label != Catalogue.Broken)];

    // Before the training, which takes hours: a test that is not there, or that shares patients or pixels with it, is said at once.
    private FilmSet? OtherFilms(FilmSet films, LabelledFilm[]? labels, int side, InputField shown, CancellationToken stop)
    {
        if (labels is null) return null;
        var others = FilmsOf(options.TestFilms ?? Path.GetDirectoryName(Path.GetFullPath(options.TestLabels!))!, labels, side, shown, stop);
        Leaks.Refuse(films, others);
        if (Lookalikes.Tell(options.Work, films, [.. Enumerable.Range(0, films.Films.Count)], others, [.. Enumerable.Range(0, others.Films.Count)], "test") is { } alike) say(alike);
        return others;
    }

    private FilmSet FilmsOf(string folder, LabelledFilm[] labels, int side, InputField shown, CancellationToken stop)
    {
        say($"reading {labels.Length} films of {folder}");
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        var gate = new Lock();
        var films = FilmSet.Load(
            folder,
            labels,
            side,
            shown,
            options.Threads,
            done =>
            {
                lock (gate)
                {
                    if (clock.Elapsed - told < ProgressEvery) return;
                    told = clock.Elapsed;
                    say(string.Create(CultureInfo.InvariantCulture, $"read {done} of {labels.Length} films, {done / told.TotalSeconds:F0} films/s"));
                }
            },
            stop);
        foreach (var (reason, count) in films.Unreadable) say($"left out {count} films: {reason.InRow()}");
        return films;
    }

    // The graph was written by our own hand: it must be the network that was trained.
    private static void Check(ModelPackage draft, Trainer trainer, FilmSet films, PatientSplit split)
    {
        var some = split.Training.Concat(split.Validation).Where(film => draft.Classes.Any(device => device.Id == films.Films[film].Label)).Take(16).ToArray();
        var expected = trainer.Logits(some);
        var actual = Judge.Run(draft, films, some, 1, CancellationToken.None).SelectMany(film => film.Logits).ToArray();
        var difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        if (!(difference <= Tolerance))
            throw new NetworkDiffersException(difference);
    }

    private static string From(string? start) => start is null ? "" : $", from the weights of {ModelPackage.Load(start).Name}";

    private string TestName() => options.TestLabels is { } labels
        ? $"{Path.GetFileName(labels)} of {Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(labels)))} (SHA-256 {HashOf(labels)})"
        : "";

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
