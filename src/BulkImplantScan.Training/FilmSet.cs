using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using BulkImplantScan.Assessment;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>Films as the network will see them, before normalisation: brightness in 16 bits, in memory.</summary>
/// <remarks>The engine's own decoding and preprocessing, so a network is trained on what it is given later. Decoded once:
/// a film of 2500 × 3000 takes longer to read than to train on.</remarks>
internal sealed class FilmSet
{
    private const float Full = ushort.MaxValue;

    // Pixels of the input a sample of a mask, along each axis: a quarter of what one cell of the last feature map covers.
    private const int MaskStep = 4;

    private readonly ushort[][] _brightness;
    private readonly byte[]?[] _masks;
    private readonly FilmPrint[] _prints;

    private FilmSet(int side, IReadOnlyList<LabelledFilm> films, ushort[][] brightness, byte[]?[] masks, FilmPrint[] prints, IReadOnlyDictionary<Reason, int> unreadable) =>
        (Side, Films, _brightness, _masks, _prints, Unreadable) = (side, films, brightness, masks, prints, unreadable);

    /// <summary>H and W.</summary>
    public int Side { get; }

    /// <summary>The films that could be read, in the order of the label file.</summary>
    public IReadOnlyList<LabelledFilm> Films { get; }

    /// <summary>How many films could not be read, by reason.</summary>
    public IReadOnlyDictionary<Reason, int> Unreadable { get; }

    /// <summary>Brightness of one film, [side, side], 0 to 65,535.</summary>
    public ReadOnlySpan<ushort> this[int film] => _brightness[film];

    /// <summary>H and W of a mask.</summary>
    public int MaskSide => Math.Max(1, Side / MaskStep);

    /// <summary>Share of metal of one film, 0 to 255, [<see cref="MaskSide"/>, <see cref="MaskSide"/>]; empty where no mask was given, or none that fits.</summary>
    public ReadOnlySpan<byte> Mask(int film) => _masks[film];

    /// <summary>Hash of what the network is shown of a film: films of the same pixels have the same.</summary>
    public ulong PixelHash(int film) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(_brightness[film].AsSpan()));

    /// <summary>What a film looks like, to find copies whose pixels are others.</summary>
    public FilmPrint Print(int film) => _prints[film];

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
        var masks = new byte[]?[films.Count];
        var prints = new FilmPrint[films.Count];
        var unreadable = new ConcurrentDictionary<Reason, int>();
        using var pool = new PixelBufferPool(threads);
        var done = 0;
        Parallel.For(
            0,
            films.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            () => (Reader: new FilmReader(geometry, pool), Target: new float[geometry.FilmLength]),
            (index, _, thread) =>
            {
                var reason = thread.Reader.Read(Path.Combine(folder, films[index].Path), thread.Target, out var shown);
                if (reason == Reason.None)
                {
                    brightness[index] = Array.ConvertAll(thread.Target, y => (ushort)MathF.Round(Math.Clamp(y, 0f, 1f) * Full));
                    prints[index] = FilmPrint.Of(thread.Target, side, shown.Box);
                    if (films[index].Mask is { } mask) masks[index] = ReadMask(Path.Combine(folder, mask), shown, side, pool);
                }
                else unreadable.AddOrUpdate(reason, 1, (_, count) => count + 1);
                progress(Interlocked.Increment(ref done));
                return thread;
            },
            _ => { });

        var read = Enumerable.Range(0, films.Count).Where(index => brightness[index] is not null).ToArray();
        if (read.Length == 0)
            throw new TrainingException($"not one of {films.Count} films in {folder} can be read ({string.Join(", ", unreadable.Select(u => $"{u.Value} {u.Key.InRow()}"))}).");
        return new(side, Array.ConvertAll(read, index => films[index]), Array.ConvertAll(read, index => brightness[index]), Array.ConvertAll(read, index => masks[index]), Array.ConvertAll(read, index => prints[index]), unreadable);
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

    // Into the raster of the input, as the film lies in it. A mask that does not fit its film is as good as none: its evidence is not judged.
    private static byte[]? ReadMask(string path, ShownFilm shown, int side, PixelBufferPool pool)
    {
        if (DeviceMask.Read(path, shown.Rows, shown.Columns, pool, out _) is not { } mask) return null;
        var across = Math.Max(1, side / MaskStep);
        var (box, field) = (shown.Box, shown.View.Field);
        double high = (double)field.Rows / box.Height, wide = (double)field.Columns / box.Width;
        var target = new byte[across * across];
        for (var y = 0; y < across; y++)
        {
            var (top, bottom) = Along(y, box.Top, high, field.Top, field.Rows);
            if (bottom <= top) continue;
            for (var x = 0; x < across; x++)
            {
                var (left, right) = Along(x, box.Left, wide, field.Left, field.Columns);
                if (right > left) target[y * across + x] = (byte)Math.Round(255 * mask.Share(top, left, bottom, right));
            }
        }

        return target;

        (double From, double To) Along(int sample, int first, double pixels, int fieldFirst, int fieldLength)
        {
            var step = (double)side / across;
            return (fieldFirst + Math.Clamp((sample * step - first) * pixels, 0, fieldLength), fieldFirst + Math.Clamp(((sample + 1) * step - first) * pixels, 0, fieldLength));
        }
    }
}
