using System.Diagnostics;
using System.Text;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Pipeline;

/// <summary>The scan without its network: a file of the page cache to a normalised [3, 224, 224] tensor, by the scan's own stages.</summary>
internal sealed class FrontEnd : IDisposable
{
    // Of ImageNet; what they are costs nothing.
    private static readonly InputGeometry Geometry = new(3, 224, 224, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    private readonly PixelBufferPool _pool = new();
    private readonly FilmFiles _files;
    private readonly Decode _decode;
    private readonly (byte[] Path, long Bytes)[] _films;

    /// <param name="folder">Every <c>*.dcm</c> below it is read once, so that the page cache holds it.</param>
    /// <param name="isExact">Every film at its full resolution, also where a codec could give the network less.</param>
    public FrontEnd(string folder, bool isExact)
    {
        _films = [.. Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(
            path => (Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, path)), (long)File.ReadAllBytes(path).Length))];
        if (_films.Length == 0) throw new ArgumentException($"no *.dcm below {folder}", nameof(folder));
        _files = new([folder], _pool, ScanOptions.DefaultMaxFilmBytes, CancellationToken.None);
        _decode = new(
            _pool, pixelHashSeed: 1, Geometry, new() { LeastSide = isExact ? 0 : ReducedResolution.LeastSide(Geometry) }, new(), FrameDecoder.Decode, new(0, Geometry));
    }

    /// <summary>Films of the folder.</summary>
    public int Count => _films.Length;

    /// <summary>Memory and ticks of one worker.</summary>
    public sealed class Worker
    {
        internal readonly PreprocessScratch Scratch = new();
        internal readonly float[] Tensor = new float[Geometry.FilmLength];

        /// <summary>Ticks of reading; of parsing, decoding, hashing and the transform; of resampling.</summary>
        public readonly long[] Ticks = new long[3];

        /// <summary>The least of each stage, and of a whole film: what a busy machine disturbs least.</summary>
        public readonly long[] Least = [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue];
    }

    /// <summary>One film.</summary>
    /// <exception cref="InvalidOperationException">It was not decoded: a figure of such films would say nothing.</exception>
    public void Run(int number, Worker worker)
    {
        var (path, length) = _films[number % _films.Length];
        var began = Stopwatch.GetTimestamp();
        using var film = new FilmInFlight(new(0, number, 1), new()
        {
            FilmIndex = number, FilmKey = "", Path = path, FileBytes = length, Facts = NoFacts,
        });
        (film.File, var reason, _) = _files.Read(film.Film);
        var read = Stopwatch.GetTimestamp();
        _decode.Run(film);
        var decoded = Stopwatch.GetTimestamp();
        if (film.Pixels is not { } pixels || film.Transform is not { } transform)
        {
            if (reason == Reason.None) reason = film.Row.Reason;
            throw new InvalidOperationException($"{Encoding.UTF8.GetString(path)}: {reason} {film.Row.Detail}");
        }

        PreprocessSimd.Run(pixels, transform, film.View, Geometry, worker.Tensor, worker.Scratch);
        var done = Stopwatch.GetTimestamp();
        Note(worker, 0, read - began);
        Note(worker, 1, decoded - read);
        Note(worker, 2, done - decoded);
        worker.Least[3] = Math.Min(worker.Least[3], done - began);
    }

    /// <summary>Frees the pool.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _pool.Dispose();
    }

    private static readonly FilmFacts NoFacts = new();

    private static void Note(Worker worker, int stage, long ticks)
    {
        worker.Ticks[stage] += ticks;
        worker.Least[stage] = Math.Min(worker.Least[stage], ticks);
    }
}
