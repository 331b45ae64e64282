using System.Collections.Concurrent;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>Films as the network will see them, before normalisation: brightness in 16 bits, in memory.</summary>
/// <remarks>The engine's own decoding and preprocessing, so a network is trained on what it is given later. Decoded once:
/// a film of 2500 × 3000 takes longer to read than to train on.</remarks>
internal sealed class FilmSet
{
    private const long MaximumFileBytes = 1 << 30;
    private const float Full = ushort.MaxValue;

    private readonly ushort[][] _brightness;

    private FilmSet(int side, IReadOnlyList<LabelledFilm> films, ushort[][] brightness, IReadOnlyDictionary<Reason, int> unreadable) =>
        (Side, Films, _brightness, Unreadable) = (side, films, brightness, unreadable);

    /// <summary>H and W.</summary>
    public int Side { get; }

    /// <summary>The films that could be read, in the order of the label file.</summary>
    public IReadOnlyList<LabelledFilm> Films { get; }

    /// <summary>How many films could not be read, by reason.</summary>
    public IReadOnlyDictionary<Reason, int> Unreadable { get; }

    /// <summary>Brightness of one film, [side, side], 0 to 65,535.</summary>
    public ReadOnlySpan<ushort> this[int film] => _brightness[film];

    /// <summary>Reads and preprocesses films; those that cannot be read are counted, not an error.</summary>
    /// <param name="folder">Where the films are.</param>
    /// <param name="films">Which.</param>
    /// <param name="side">H and W of the network's input.</param>
    /// <param name="field">What of each film the network is shown.</param>
    /// <param name="threads">Films in work at once.</param>
    /// <param name="progress">Told the number of films done, from any thread.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="TrainingException">No folder, or not one film that can be read.</exception>
    public static FilmSet Load(
        string folder, IReadOnlyList<LabelledFilm> films, int side, InputField field, int threads, Action<int> progress, CancellationToken stop)
    {
        if (!Directory.Exists(folder)) throw new TrainingException($"{folder} is not a folder.");
        var geometry = new InputGeometry(1, side, side, [0], [1]) { FieldOfView = field };
        var brightness = new ushort[films.Count][];
        var unreadable = new ConcurrentDictionary<Reason, int>();
        using var pool = new PixelBufferPool(threads);
        var done = 0;
        Parallel.For(
            0,
            films.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            () => (Dataset: new DicomDataset(), Scratch: new PreprocessScratch(), Target: new float[geometry.FilmLength]),
            (index, _, thread) =>
            {
                var reason = Read(Path.Combine(folder, films[index].Path), geometry, pool, thread.Dataset, thread.Scratch, thread.Target);
                if (reason == Reason.None) brightness[index] = Array.ConvertAll(thread.Target, y => (ushort)MathF.Round(Math.Clamp(y, 0f, 1f) * Full));
                else unreadable.AddOrUpdate(reason, 1, (_, count) => count + 1);
                progress(Interlocked.Increment(ref done));
                return thread;
            },
            _ => { });

        var read = Enumerable.Range(0, films.Count).Where(index => brightness[index] is not null).ToArray();
        if (read.Length == 0)
            throw new TrainingException($"not one of {films.Count} films in {folder} can be read ({string.Join(", ", unreadable.Select(u => $"{u.Value} {u.Key.InRow()}"))}).");
        return new(side, Array.ConvertAll(read, index => films[index]), Array.ConvertAll(read, index => brightness[index]), unreadable);
    }

    /// <summary>Mean and standard deviation of the brightness of some films, in [0, 1].</summary>
    public (float Mean, float Deviation) Moments(IEnumerable<int> films)
    {
        double sum = 0, squares = 0;
        long count = 0;
        foreach (var film in films)
        {
            foreach (var value in _brightness[film])
            {
                var y = value / (double)Full;
                sum += y;
                squares += y * y;
            }

            count += _brightness[film].Length;
        }

        var mean = sum / count;
        return ((float)mean, (float)Math.Sqrt(Math.Max(squares / count - mean * mean, 1e-4)));
    }

    /// <summary>One film as the network's input: (brightness − mean) / deviation.</summary>
    public void Normalise(int film, InputGeometry input, Span<float> target)
    {
        var (scale, offset) = (1 / (Full * input.StandardDeviation[0]), -input.Mean[0] / input.StandardDeviation[0]);
        var source = _brightness[film];
        for (var i = 0; i < source.Length; i++) target[i] = source[i] * scale + offset;
    }

    private static Reason Read(
        string path, InputGeometry geometry, PixelBufferPool pool, DicomDataset dataset, PreprocessScratch scratch, float[] target)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > MaximumFileBytes) return Reason.TooLarge;
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reason.UnreadableFile;
        }

        var parsed = DicomReader.Parse(bytes, isWholeFile: true, dataset);
        if (parsed.Reason != Reason.None) return parsed.Reason;
        if (parsed.Status != ParseStatus.Ok) return Reason.UnsupportedTransferSyntax;
        var decoded = FrameDecoder.Decode(bytes, dataset, frame: 1, DecodeSettings.Exact, pool);
        if (decoded.Pixels is null) return decoded.Reason;
        var film = GrayFilm.Of(bytes, dataset, decoded, pool);
        if (film.Pixels is not { } pixels) return film.Reason;
        using (pixels)
        {
            var found = FieldDecision.Find(bytes, dataset, film, FieldOfViewMode.Auto);
            var view = FilmView.Of(pixels, found.Crop, PixelShape.Read(bytes, dataset), geometry);
            using var transform = GrayscalePipeline.Compile(bytes, dataset, frame: 1, film, found.Windowing).Transform;
            PreprocessSimd.Run(pixels, transform, view, geometry, target, scratch);
        }

        return Reason.None;
    }
}
