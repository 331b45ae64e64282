using System.IO.Hashing;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Decoders that others use have mixed up frames when many threads decode. Ours: 200 films, 32 threads, 100 rounds.</summary>
public sealed class DecodeStressTests
{
    private const int FilmCount = 200;
    private const int ThreadCount = 32;
    private const int Rounds = 100;

    // The larger ones of these take milliseconds; small ones meet each other more often.
    private const int LargestRealFileBytes = 210_000;

    [Fact]
    public void Two_hundred_films_decoded_a_hundred_times_on_32_threads_give_the_same_pixels_each_time()
    {
        var films = Films().Take(FilmCount).ToArray();
        Assert.Equal(FilmCount, films.Length);
        using var pool = new PixelBufferPool();
        var expected = films.Select(film => Decode(film, new(), pool)).ToArray();
        Assert.True(expected.Distinct().Count() > 150, "too many films of the same pixels to tell a mix-up");

        // Each thread takes the next of the 20,000: what one film meets is another in each round.
        var (next, decoded) = (-1, new int[FilmCount]);
        var faults = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var start = new Barrier(ThreadCount);
        var threads = new Thread[ThreadCount];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new(() =>
            {
                try
                {
                    var dataset = new DicomDataset();
                    start.SignalAndWait();
                    for (int n; (n = Interlocked.Increment(ref next)) < FilmCount * Rounds;)
                    {
                        var film = (int)((n + 37L * (n / FilmCount)) % FilmCount);
                        if (Decode(films[film], dataset, pool) != expected[film]) faults.Enqueue($"{films[film].Name}, decode {n}");
                        Interlocked.Increment(ref decoded[film]);
                    }
                }
                catch (Exception e)
                {
                    faults.Enqueue(e.ToString());
                }
            });
            threads[i].Start();
        }

        foreach (var thread in threads) thread.Join();
        Assert.True(faults.IsEmpty, string.Join('\n', faults.Take(10)));
        Assert.All(decoded, count => Assert.Equal(Rounds, count));
    }

    private static (string Syntax, int Frame, UInt128 Hash) Decode(in Film film, DicomDataset dataset, PixelBufferPool pool)
    {
        using var parsed = ParsedFile.Open(film.File, dataset, pool);
        var decoded = FrameDecoder.Decode(parsed.Bytes, dataset, film.Frame, DecodeSettings.Exact, pool);
        using var pixels = decoded.Pixels;
        Assert.True(decoded.Reason == Reason.None, $"{film.Name}: {decoded.Reason}");
        return (dataset.TransferSyntax!, film.Frame, XxHash128.HashToUInt128(pixels!.Bytes));
    }

    private static IEnumerable<Film> Films()
    {
        // All frames of all that decodes: the committed ones by DCMTK, libjpeg, zlib and numpy; real ones where they are; then
        // uncompressed ones made here, which tell a mix-up by a number in their pixels.
        var all = OracleFile.Read("compressed-cases.csv.gz").Select(line => (line[0], line[3]))
            .Concat(OracleFile.Read("pixel-cases.csv.gz").Select(line => (line[0], line[2])))
            .Select(pair => (Name: pair.Item1, File: Convert.FromBase64String(pair.Item2)))
            .Where((_, i) => i % 4 != 3);
        var shared = Path.Combine(SharedFolder.Repository, "..", "shared", "data", "dicom");
        if (Directory.Exists(shared))
        {
            all = Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(path => new FileInfo(path).Length < LargestRealFileBytes)
                .Select(path => (Name: Path.GetFileName(path), File: File.ReadAllBytes(path))).Concat(all);
        }

        foreach (var (name, file) in all.ToArray())
        {
            var dataset = new DicomDataset();
            using var pool = new PixelBufferPool();
            var frames = 0;
            using (var parsed = ParsedFile.Open(file, dataset, pool))
            {
                if (parsed.Outcome.Status != ParseStatus.Ok) continue;
                for (var frame = 1; frame <= Math.Min(3, dataset.DescribePixels(parsed.Bytes).NumberOfFrames); frame++)
                {
                    using var pixels = FrameDecoder.Decode(parsed.Bytes, dataset, frame, DecodeSettings.Exact, pool).Pixels;
                    if (pixels is null) break;
                    frames++;
                }
            }

            for (var frame = 1; frame <= frames; frame++) yield return new(name, file, frame);
        }

        for (ushort number = 0; ; number++)
        {
            var pixels = new ushort[64 + number];
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (ushort)((i * 31 + number) & 0xFFF);
            yield return new($"made {number}", DicomBytes.Film(pixels), 1);
        }
    }

    private readonly record struct Film(string Name, byte[] File, int Frame);
}
