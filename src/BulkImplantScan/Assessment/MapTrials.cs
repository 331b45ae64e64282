using BulkImplantScan.Evaluation;
using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Assessment;

/// <summary>Puts Grad-CAMs to the test: deletion and insertion (Petsiuk 2018, RISE, section 4.3), and networks that have forgotten what
/// they learned (Adebayo 2018).</summary>
/// <remarks>A cell that is hidden shows the film blurred, as in that paper's insertion, not black: black squares are a sight of their own.
/// The same cells in two random orders are the baseline; each share hidden is a film of one batch.</remarks>
public sealed class MapTrials : IDisposable
{
    /// <summary>Shares of the layers, from the last, that are shuffled.</summary>
    public static IReadOnlyList<double> Shuffled { get; } = [0.1, 0.5, 1];

    private const int Steps = 8; // shares hidden: 0, 1/8, … 1
    private const int Between = Steps - 1;
    private const double BlurShare = 0.06; // half width of each of three boxes, of the input

    private readonly ModelPackage _package;
    private readonly InputGeometry _input;
    private readonly HostNetwork _network;
    private readonly HostNetwork?[] _shuffled;
    private readonly string _scratch = Directory.CreateTempSubdirectory("bis-audit-").FullName;

    /// <summary>Loads a model and its shuffled twins.</summary>
    /// <param name="package">Which.</param>
    /// <param name="threads">Of the network.</param>
    public MapTrials(ModelPackage package, int threads)
    {
        (_package, _input) = (package, package.Input);
        _network = new(package, 2 + 2 * Between, threads);
        _shuffled = new HostNetwork?[Shuffled.Count];
        for (var s = 0; s < _shuffled.Length; s++)
        {
            if (ShuffledWeights.Write(package.ReadModel(), package.Tensors.FeatureMaps, Shuffled[s], seed: 1) is not { } onnx) continue;
            _shuffled[s] = new(package.Save(Path.Combine(_scratch, $"shuffled-{s}"), onnx, ""), 1, threads);
        }
    }

    /// <summary>Tries one film that shows a device.</summary>
    /// <param name="film">What the network is given of it, [C, H, W].</param>
    /// <param name="box">Where the film lies in it.</param>
    /// <param name="seed">Of the random order that the map is held against.</param>
    public MapTrial Try(float[] film, Letterbox box, int seed) => Try(film, box, new Random(seed));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in _shuffled) network?.Dispose();
        _network.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    private MapTrial Try(float[] film, Letterbox box, Random random)
    {
        var (blurred, shape) = (RunningMeans.Blurred(film, _input.Channels, _input.Height, _input.Width, BlurShare), _network.Shape);
        int[] cells = [.. Enumerable.Range(0, shape.Positions).Where(cell => IsOnFilm(cell, box))];
        var shuffledOrder = (int[])cells.Clone();
        random.Shuffle(shuffledOrder);

        // The whole film, the blurred film, and between them cells hidden in a random order, and the other way round.
        film.CopyTo(_network.Input(0));
        blurred.CopyTo(_network.Input(1));
        Hide(film, blurred, shuffledOrder, 2);
        Hide(film, blurred, [.. shuffledOrder.Reverse()], 2 + Between);
        _network.Run();
        var answer = _network.Logits(0).IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(_network.Logits(0)));
        var (whole, nothing) = (Probability(0, answer), Probability(1, answer));
        var atRandom = (Area(whole, nothing, 2, answer) + Area(whole, nothing, 2 + Between, answer)) / 2;
        if (Map(_network, 0) is not { } map) return new(null, null, [.. Shuffled.Select(_ => (double?)null)]) { Answer = answer };

        int[] byMap = [.. cells.OrderByDescending(cell => map[cell])];
        Hide(film, blurred, byMap, 2);
        Hide(film, blurred, [.. byMap.Reverse()], 2 + Between);
        _network.Run();
        return new(
            atRandom - Area(whole, nothing, 2, answer), Area(whole, nothing, 2 + Between, answer) - atRandom,
            [.. _shuffled.Select(network => Likeness(network, film, map, cells))]) { Answer = answer };
    }

    // Fills slots of a batch: 1/8, 2/8, … of the cells hidden.
    private void Hide(float[] film, float[] blurred, int[] order, int slot)
    {
        for (var step = 1; step < Steps; step++)
        {
            var target = _network.Input(slot + step - 1);
            film.CopyTo(target);
            foreach (var cell in order.AsSpan(0, order.Length * step / Steps)) CopyCell(blurred, target, cell);
        }
    }

    private void CopyCell(ReadOnlySpan<float> source, Span<float> target, int cell)
    {
        var (shape, plane) = (_network.Shape, _input.Height * _input.Width);
        int y = cell / shape.Width, x = cell % shape.Width;
        int top = y * _input.Height / shape.Height, bottom = (y + 1) * _input.Height / shape.Height;
        int left = x * _input.Width / shape.Width, right = (x + 1) * _input.Width / shape.Width;
        for (var channel = 0; channel < _input.Channels; channel++)
            for (var row = top; row < bottom; row++)
            {
                var at = channel * plane + row * _input.Width + left;
                source.Slice(at, right - left).CopyTo(target[at..]);
            }
    }

    // Trapezoids over the share hidden.
    private double Area(double whole, double nothing, int slot, int answer)
    {
        var sum = (whole + nothing) / 2;
        for (var step = 0; step < Between; step++) sum += Probability(slot + step, answer);
        return sum / Steps;
    }

    // 0 where logits are not finite: such a film is abstained from.
    private double Probability(int slot, int answer) =>
        Decision.Of(_package, _network.Logits(slot), explanationIsFinite: true).Probabilities is { Length: > 0 } p ? p[answer] : 0;

    private static double? Likeness(HostNetwork? network, float[] film, double[] map, int[] cells)
    {
        if (network is null) return null;
        film.CopyTo(network.Input(0));
        network.Run();
        if (Map(network, 0) is not { } other) return null;
        var likeness = RankCorrelation.Of(Array.ConvertAll(cells, cell => map[cell]), Array.ConvertAll(cells, cell => other[cell]));
        return double.IsNaN(likeness) ? null : likeness;
    }

    private static double[]? Map(HostNetwork network, int slot)
    {
        var cam = new float[network.Shape.Positions];
        GradCamSimd.Compute(network.FeatureMaps(slot), network.Gradients(slot), 1, network.Shape, cam);
        return cam.All(float.IsFinite) && cam.Any(cell => cell > 0) ? Array.ConvertAll(cam, cell => (double)cell) : null;
    }

    private bool IsOnFilm(int cell, Letterbox box)
    {
        var shape = _network.Shape;
        double y = (cell / shape.Width + 0.5) * _input.Height / shape.Height, x = (cell % shape.Width + 0.5) * _input.Width / shape.Width;
        return y >= box.Top && y < box.Top + box.Height && x >= box.Left && x < box.Left + box.Width;
    }
}
