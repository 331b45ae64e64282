using System.Diagnostics;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BulkImplantScan.Training;

/// <summary>Fits a network to films: AdamW, one cycle of the learning rate, classes weighted, films drawn anew in each epoch.</summary>
internal sealed class Trainer : IDisposable
{
    private const double WarmUpShare = 0.1, WeightDecay = 0.02, LastRate = 0.002;

    // The first epochs see films at half size: four times as many in the same time, and coarse shapes come first anyway
    // (progressive resizing, Howard 2018).
    private const double HalfSizeShare = 0.65;

    private readonly FilmSet _films;
    private readonly InputGeometry _input;
    private readonly Dictionary<string, long> _classOf;
    private readonly TrainingOptions _options;

    /// <param name="films">All films.</param>
    /// <param name="input">Size and normalisation.</param>
    /// <param name="classes">In the order of the logits.</param>
    /// <param name="architecture">Shape of the network.</param>
    /// <param name="options">Epochs, seed, batch, rate, threads.</param>
    public Trainer(
        FilmSet films, InputGeometry input, IReadOnlyList<DeviceClass> classes, ResidualArchitecture architecture, TrainingOptions options)
    {
        (_films, _input, _options) = (films, input, options);
        _classOf = classes.Select((device, c) => (device.Id, (long)c)).ToDictionary(StringComparer.Ordinal);
        set_num_threads(options.Threads);
        random.manual_seed(options.Seed);
        Module = new(architecture, input.Channels, classes.Count, ResidualModule.IsBfloat16Fast);
    }

    /// <summary>The network, in whatever state training has left it.</summary>
    public ResidualModule Module { get; }

    /// <summary>Trains.</summary>
    /// <param name="training">Films to train on.</param>
    /// <param name="validation">Films of trained labels to watch; nothing is chosen by them here.</param>
    /// <param name="progress">Told after each step: the steps done and those of the whole training.</param>
    /// <param name="report">Told of each epoch.</param>
    /// <param name="stop">Cancels between two steps.</param>
    public void Run(int[] training, int[] validation, Action<int, int> progress, Action<EpochReport> report, CancellationToken stop)
    {
        var steps = Math.Max(1, training.Length / _options.Batch);
        using var optimizer = optim.AdamW(Module.parameters(), _options.LearningRate, weight_decay: WeightDecay);
        using var loss = nn.CrossEntropyLoss(ClassWeights(training));
        var order = new Random(_options.Seed);
        var (films, labels) = (new float[_options.Batch * _input.FilmLength], new long[_options.Batch]);
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            order.Shuffle(training);
            Module.train();
            var half = epoch < _options.Epochs * HalfSizeShare;
            var sum = 0.0;
            for (var step = 0; step < steps; step++)
            {
                stop.ThrowIfCancellationRequested();
                Draw(training, epoch, step, films, labels);
                SetRate(optimizer, epoch * steps + step, _options.Epochs * steps);
                sum += Step(optimizer, loss, films, labels, half);
                progress(epoch * steps + step + 1, _options.Epochs * steps);
            }

            report(new(epoch + 1, sum / steps, Accuracy(validation, half, stop), steps * _options.Batch / clock.Elapsed.TotalSeconds, clock.Elapsed));
        }

        Module.eval();
    }

    /// <summary>Logits of some films, not augmented, [films, classes].</summary>
    public float[] Logits(ReadOnlySpan<int> films) => Logits(films, half: false);

    private float[] Logits(ReadOnlySpan<int> films, bool half)
    {
        Module.eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = new float[films.Length * _input.FilmLength];
        for (var i = 0; i < films.Length; i++) _films.Normalise(films[i], _input, values.AsSpan(i * _input.FilmLength, _input.FilmLength));
        var input = tensor(values, films.Length, 1, _input.Height, _input.Width);
        return Module.forward(half ? nn.functional.avg_pool2d(input, 2) : input).contiguous().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    private double Step(AdamW optimizer, CrossEntropyLoss loss, float[] films, long[] labels, bool half)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var input = tensor(films, labels.Length, 1, _input.Height, _input.Width);
        var logits = Module.forward(half ? nn.functional.avg_pool2d(input, 2) : input);
        var value = loss.forward(logits, tensor(labels));
        value.backward();
        optimizer.step();
        return value.item<float>();
    }

    // Not while the last step computes, though that would be a little faster: TorchSharp hands native objects to libtorch
    // without keeping them alive during the call, and a collection that another thread sets off may free them (seen: BatchNorm's
    // scalar). For the same reason the collector does not work in the background (see the project file).
    private void Draw(int[] training, int epoch, int step, float[] films, long[] labels) => Parallel.For(
        0,
        _options.Batch,
        new ParallelOptions { MaxDegreeOfParallelism = _options.Threads },
        i =>
        {
            var film = training[(step * _options.Batch + i) % training.Length];
            labels[i] = _classOf[_films.Films[film].Label];
            var random = new Random(Mix(_options.Seed, epoch, film));
            Augmentation.Draw(_films[film], _input, random, films.AsSpan(i * _input.FilmLength, _input.FilmLength));
        });

    private double Accuracy(int[] films, bool half, CancellationToken stop)
    {
        if (films.Length == 0) return double.NaN;
        var right = 0;
        foreach (var batch in films.Chunk(_options.Batch))
        {
            stop.ThrowIfCancellationRequested();
            var logits = Logits(batch, half);
            var classes = logits.Length / batch.Length;
            for (var i = 0; i < batch.Length; i++)
            {
                var row = logits.AsSpan(i * classes, classes);
                var top = 0;
                for (var c = 1; c < classes; c++)
                    if (row[c] > row[top]) top = c;
                if (top == _classOf[_films.Films[batch[i]].Label]) right++;
            }
        }

        return (double)right / films.Length;
    }

    // Inverse frequency, mean 1: a rare device counts as much as a common one.
    private Tensor ClassWeights(int[] training)
    {
        var counts = new float[_classOf.Count];
        foreach (var film in training) counts[_classOf[_films.Films[film].Label]]++;
        return tensor(Array.ConvertAll(counts, count => count == 0 ? 0 : training.Length / (count * counts.Length)));
    }

    // Up in a line, down in a cosine (Smith 2018, Loshchilov 2017).
    private void SetRate(AdamW optimizer, int step, int steps)
    {
        var share = (step + 1.0) / steps;
        var rate = share < WarmUpShare ? share / WarmUpShare
            : LastRate + (1 - LastRate) * (1 + Math.Cos(Math.PI * (share - WarmUpShare) / (1 - WarmUpShare))) / 2;
        foreach (var group in optimizer.ParamGroups) group.LearningRate = rate * _options.LearningRate;
    }

    // Not System.HashCode, which differs from process to process.
    private static int Mix(int seed, int epoch, int film)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)film) + 0x9E3779B97F4A7C15 * (ulong)(epoch + 1);
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)(mixed ^ mixed >> 31);
    }
}
