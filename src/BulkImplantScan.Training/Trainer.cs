using System.Diagnostics;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BulkImplantScan.Training;

/// <summary>Fits a network to films: AdamW, one cycle of the learning rate, classes weighted, films drawn anew in each epoch (<see cref="FilmSampler"/>).</summary>
internal sealed class Trainer : IDisposable
{
    private const double WarmUpShare = 0.1, WeightDecay = 0.02, LastRate = 0.002;

    // A cell of the last feature map is on metal from this share on, and evidence beside metal costs this much beside the cross entropy
    // ("right for the right reasons", Ross 2017, by what Grad-CAM shows).
    private const float OnMetal = 0.06f;
    private const double EvidenceWeight = 0.3, LeastShare = 0.02;

    private readonly FilmSet _films;
    private readonly InputGeometry _input;
    private readonly Dictionary<string, long> _classOf;
    private readonly TrainingOptions _options;
    private readonly Device _device;
    private readonly FilmSampler _sampler;

    /// <param name="films">All films.</param>
    /// <param name="input">Size and normalisation.</param>
    /// <param name="classes">In the order of the logits.</param>
    /// <param name="architecture">Shape of the network.</param>
    /// <param name="options">Epochs, seed, batch, rate, threads, device.</param>
    public Trainer(
        FilmSet films, InputGeometry input, IReadOnlyList<DeviceClass> classes, ResidualArchitecture architecture, TrainingOptions options)
    {
        (_films, _input, _options) = (films, input, options);
        _classOf = classes.Select((device, c) => (device.Id, (long)c)).ToDictionary(StringComparer.Ordinal);
        _sampler = new(films, input, _classOf, options);
        set_num_threads(options.Threads);
        random.manual_seed(options.Seed);
        _device = options.Cuda ? CUDA : CPU;
        Module = new(architecture, input.Channels, classes.Count, options.Cuda || ResidualModule.IsBfloat16Fast);
        Module.to(_device);
    }

    /// <summary>The network, in whatever state training has left it.</summary>
    public ResidualModule Module { get; }

    /// <summary>Begins with the weights of a finished network.</summary>
    /// <param name="start">Of the same architecture.</param>
    /// <param name="classes">Of this training.</param>
    /// <param name="some">Some tens of training films.</param>
    /// <exception cref="TrainingException">It is of another architecture.</exception>
    public void TakeOver(StartingWeights start, IReadOnlyList<DeviceClass> classes, ReadOnlySpan<int> some)
    {
        using var scope = NewDisposeScope();
        try
        {
            Module.TakeOver(start.Weights, start.RowsOf(classes), Input(some));
        }
        catch (ArgumentException e)
        {
            throw new TrainingException($"the package to start from has another network ({e.Message}): give its --width and --input-size.");
        }
    }

    /// <summary>Trains, from where a checkpoint left off.</summary>
    /// <param name="training">Films to train on.</param>
    /// <param name="validation">Films to watch: the epoch at full size that is best on them is kept, and they end the training early.</param>
    /// <param name="checkpoint">File to go on from and to save to after each epoch; null = neither.</param>
    /// <param name="fingerprint">See <see cref="Checkpoint"/>.</param>
    /// <param name="progress">Told after each step: the steps done and those of the whole training.</param>
    /// <param name="report">Told of each epoch; of those of a checkpoint, too.</param>
    /// <param name="stop">Cancels between two steps.</param>
    /// <exception cref="TrainingException">The checkpoint is of another training.</exception>
    /// <exception cref="RunFolderException">The checkpoint cannot be written.</exception>
    public IReadOnlyList<EpochReport> Run(
        int[] training,
        int[] validation,
        string? checkpoint,
        string fingerprint,
        Action<int, int> progress,
        Action<EpochReport> report,
        CancellationToken stop)
    {
        var steps = Math.Max(1, training.Length / _options.Batch);
        using var optimizer = optim.AdamW(Module.parameters(), _options.LearningRate, weight_decay: WeightDecay);
        using var weights = tensor(_sampler.ClassWeights(training)).to(_device);
        using var loss = nn.CrossEntropyLoss(weights);
        var batch = new TrainingBatch(_options.Batch, _input.FilmLength, _films.MaskSide);
        var epochs = new List<EpochReport>();
        byte[] best = [];
        if (checkpoint is not null && Checkpoint.Load(checkpoint, fingerprint) is { } saved)
        {
            Read(saved.Network, stream => Module.load(stream));
            Read(saved.Optimizer, stream => optimizer.load_state_dict(new BinaryReader(stream)));
            epochs.AddRange(saved.Epochs);
            best = saved.Best;
            foreach (var epoch in epochs) report(epoch);
        }

        for (var epoch = epochs.Count; epoch < _options.Epochs && !IsOver(epochs); epoch++)
        {
            var clock = Stopwatch.StartNew();
            var order = _sampler.Order(training, epoch);
            Module.train();
            var half = IsHalfSize(_options, epoch);
            double sum = 0, inside = 0;
            var judged = 0;
            for (var step = 0; step < steps; step++)
            {
                stop.ThrowIfCancellationRequested();

                // Not while the last step computes, though that would be a little faster: TorchSharp hands native objects to libtorch
                // without keeping them alive during the call, and a collection that another thread sets off may free them (seen: BatchNorm's
                // scalar). For the same reason the collector does not work in the background (see the project file).
                _sampler.Draw(order, epoch, step, batch);
                SetRate(optimizer, epoch * steps + step, _options.Epochs * steps);
                var (value, share) = Step(optimizer, loss, batch, half);
                sum += value;
                if (!double.IsNaN(share)) (inside, judged) = (inside + share, judged + 1);
                progress(epoch * steps + step + 1, _options.Epochs * steps);
            }

            var (validationLoss, accuracy) = Watch(validation, half, stop);
            epochs.Add(new(epoch + 1, sum / steps, inside / judged, validationLoss, accuracy, !half, steps * _options.Batch / clock.Elapsed.TotalSeconds));
            if (!half && BestOf(epochs) == epoch) best = Bytes(stream => Module.save(stream));
            if (checkpoint is not null) new Checkpoint(fingerprint, epochs, Bytes(stream => Module.save(stream)), Bytes(stream => SaveState(optimizer, stream)), best).Save(checkpoint);
            report(epochs[^1]);
        }

        if (best.Length > 0) Read(best, stream => Module.load(stream));
        Module.eval();
        return epochs;
    }

    /// <summary>Whether an epoch sees films at half size: in the first half of them, four times as many in the same time, and coarse shapes come
    /// first anyway (progressive resizing, Howard 2018). Not where a network that has learned is trained on, nor the only epoch.</summary>
    internal static bool IsHalfSize(TrainingOptions options, int epoch) => options.StartFrom is null && epoch < options.Epochs / 2;

    /// <summary>Position of the epoch at full size with the least validation loss, the first of equals; the last where nothing was watched.</summary>
    internal static int BestOf(IReadOnlyList<EpochReport> epochs)
    {
        var best = epochs.Count - 1;
        for (var e = epochs.Count - 1; e >= 0; e--)
            if (epochs[e].IsFull && (epochs[e].ValidationLoss <= epochs[best].ValidationLoss || !epochs[best].IsFull)) best = e;
        return best;
    }

    // Not before the films had their full size: what comes then changes everything.
    private bool IsOver(List<EpochReport> epochs) =>
        _options.Patience > 0 && epochs.Count > 0 && epochs[^1].IsFull && epochs.Count - 1 - BestOf(epochs) >= _options.Patience;

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static void SaveState(AdamW optimizer, Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        optimizer.save_state_dict(writer);
    }

    private static void Read(byte[] bytes, Action<Stream> read)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        read(stream);
    }

    /// <summary>Logits of some films, not augmented, [films, classes].</summary>
    public float[] Logits(ReadOnlySpan<int> films) => Logits(films, half: false);

    private float[] Logits(ReadOnlySpan<int> films, bool half)
    {
        Module.eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = Input(films);
        return Module.forward(half ? nn.functional.avg_pool2d(input, 2) : input).cpu().contiguous().data<float>().ToArray();
    }

    private Tensor Input(ReadOnlySpan<int> films)
    {
        var values = new float[films.Length * _input.FilmLength];
        for (var i = 0; i < films.Length; i++) _films.Normalise(films[i], _input, values.AsSpan(i * _input.FilmLength, _input.FilmLength));
        return tensor(values, films.Length, 1, _input.Height, _input.Width).to(_device);
    }

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    private (double Loss, double Inside) Step(AdamW optimizer, CrossEntropyLoss loss, TrainingBatch batch, bool half)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var input = tensor(batch.Films, batch.Count, 1, _input.Height, _input.Width).to(_device);
        var labels = tensor(batch.Labels).to(_device);
        var features = Module.Features(half ? nn.functional.avg_pool2d(input, 2) : input);
        var value = loss.forward(Module.Head(features), labels);
        var (total, inside) = (value, double.NaN);
        if (batch.HasMask.Any(has => has > 0))
        {
            var has = tensor(batch.HasMask).to(_device);
            var masks = tensor(batch.Masks, batch.Count, 1, _films.MaskSide, _films.MaskSide).to(_device);
            var onMetal = nn.functional.adaptive_avg_pool2d(masks, [features.shape[2], features.shape[3]]).squeeze(1).gt(OnMetal).to(ScalarType.Float32);
            var evidence = Module.Evidence(features, labels);
            var share = (evidence * onMetal).sum([1, 2]) / (evidence.sum([1, 2]) + 1e-6);
            total = value - EvidenceWeight * ((share + LeastShare).log() * has).sum() / has.sum();
            inside = ((share * has).sum() / has.sum()).item<float>();
        }

        total.backward();
        optimizer.step();
        return (value.item<float>(), inside);
    }

    private (double Loss, double Accuracy) Watch(int[] films, bool half, CancellationToken stop)
    {
        if (films.Length == 0) return (double.NaN, double.NaN);
        var (right, loss) = (0, 0.0);
        foreach (var batch in films.Chunk(_options.Batch))
        {
            stop.ThrowIfCancellationRequested();
            var logits = Logits(batch, half);
            var classes = logits.Length / batch.Length;
            for (var i = 0; i < batch.Length; i++)
            {
                var film = new JudgedFilm((int)_classOf[_films.Films[batch[i]].Label], logits[(i * classes)..((i + 1) * classes)], []);
                if (film.Top == film.Class) right++;
                loss += film.LogSum(1) - film.Logits[film.Class];
            }
        }

        return (loss / films.Length, (double)right / films.Length);
    }

    // Up in a line, down in a cosine (Smith 2018, Loshchilov 2017).
    private void SetRate(AdamW optimizer, int step, int steps)
    {
        var share = (step + 1.0) / steps;
        var rate = share < WarmUpShare ? share / WarmUpShare
            : LastRate + (1 - LastRate) * (1 + Math.Cos(Math.PI * (share - WarmUpShare) / (1 - WarmUpShare))) / 2;
        foreach (var group in optimizer.ParamGroups) group.LearningRate = rate * _options.LearningRate;
    }
}
