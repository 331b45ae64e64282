using System.Diagnostics;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Broken copies of real and made files: each gives pixels or a reason; none throws, hangs or takes memory.</summary>
public sealed class HostileBytesTests
{
    // Managed memory of one film: lookup tables of 16 bits and their histogram. Pixels lie in the pool.
    private const long MaxAllocatedBytes = 6 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_file_cut_anywhere_gives_all_its_pixels_or_none()
    {
        foreach (var (name, file) in Files())
        {
            var whole = DicomFiles.Decode(file);
            var step = Math.Max(1, file.Length / 250);
            for (var length = 0; length < file.Length; length += step)
            {
                var film = Read(file.AsSpan(0, length));
                Assert.True(film.Reason != Reason.None || film.Sha256 == whole.Sha256, $"{name} cut to {length}: {film}");
            }
        }
    }

    [Fact]
    public void Mutated_files_neither_throw_nor_hang_nor_take_memory()
    {
        var random = new Random(20070621);
        var slowest = TimeSpan.Zero;
        foreach (var (name, file) in Files())
        {
            var headerBytes = Math.Min(file.Length, 2048);
            for (var round = 0; round < 150; round++)
            {
                var copy = file.ToArray();
                var changes = 1 + random.Next(8);
                for (var i = 0; i < changes; i++)
                {
                    // Headers matter more than noise in the middle of pixels: half of the changes go there.
                    var at = random.Next(random.Next(2) == 0 ? headerBytes : copy.Length);
                    copy[at] = random.Next(4) switch { 0 => 0xFF, 1 => 0, 2 => (byte)(copy[at] ^ 1 << random.Next(8)), _ => (byte)random.Next(256) };
                }

                var allocated = 0L;
                var time = Time(() =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    Read(copy);
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                });
                if (time > slowest) slowest = time;
                Assert.True(allocated < MaxAllocatedBytes, $"{name}, round {round}: {allocated} bytes");
            }
        }

        Assert.True(slowest < MaxTime, $"{slowest}");
    }

    [Fact]
    public void Files_made_to_be_looked_through_again_and_again_are_looked_through_once()
    {
        // Zeros are padding only when nothing follows; to find that out at each of a million elements would take hours.
        byte[] zeros = [.. DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ToArray(), .. new byte[20 << 20], 1];
        var time = Time(() => Assert.Equal(Reason.MalformedDataSet, DicomFiles.Decode(zeros).Reason));

        // A million empty fragments, and as many frames.
        var fragments = DicomBytes.File(TransferSyntaxes.Rle).Text(DicomTags.NumberOfFrames, "IS", "1000000").ImagePixel(1, 1, 8, 8)
            .Element(DicomBytes.PixelData, "OB", default, uint.MaxValue);
        for (var i = 0; i < 1_000_000; i++) fragments.Raw(0xFFFE, 0xE000, 0);
        time += Time(() => Assert.Equal(Reason.TooLarge, DicomFiles.Decode(fragments.ToArray()).Reason));

        Assert.True(time < MaxTime, $"{time}");
    }

    [Fact]
    public void Random_bytes_behind_a_preamble_are_never_a_film()
    {
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            if (bytes.Length > 132) "DICM"u8.CopyTo(bytes.AsSpan(128));
            Assert.NotEqual(Reason.None, Read(bytes).Reason);
        }
    }

    // A busy machine is slow by itself: what is only slow must be so twice.
    private static TimeSpan Time(Action work)
    {
        var first = Once();
        return first < MaxTime / 2 ? first : TimeSpan.FromTicks(Math.Min(first.Ticks, Once().Ticks));

        TimeSpan Once()
        {
            var clock = Stopwatch.StartNew();
            work();
            return clock.Elapsed;
        }
    }

    // All of the room: every getter, every frame, the pipeline.
    private static DicomFiles.Film Read(ReadOnlySpan<byte> file)
    {
        var dataset = new DicomDataset();
        if (DicomReader.Parse(file, isWholeFile: true, dataset).Status == ParseStatus.Ok)
        {
            foreach (var field in typeof(DicomTags).GetFields())
            {
                var tag = (DicomTag)field.GetValue(null)!;
                dataset.GetString(file, tag);
                dataset.GetStrings(file, tag);
                dataset.GetInt32(file, tag);
                dataset.GetDoubles(file, tag);
            }

            using var pool = new PixelBufferPool();
            var decoded = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool);
            var film = decoded.Pixels is null ? default : GrayFilm.Of(file, dataset, decoded, pool);
            using var pixels = film.Pixels;
            if (pixels is not null)
            {
                using var transform = GrayscalePipeline.Compile(file, dataset, 1, film).Transform;
                foreach (var stored in (ReadOnlySpan<int>)[int.MinValue, -1, 0, 1, 4095, int.MaxValue])
                    Assert.InRange(transform.Apply(stored), 0f, 1f);
            }
        }

        return DicomFiles.Decode(file);
    }

    private static IEnumerable<(string Name, byte[] File)> Files()
    {
        foreach (var path in SharedFolder.Films())
            if (new FileInfo(path).Length < 12_000) yield return (Path.GetFileName(path), File.ReadAllBytes(path));
        foreach (var line in OracleFile.Read("pixel-cases.csv.gz").Where((_, i) => i % 5 == 0))
            yield return (line[0], Convert.FromBase64String(line[2]));
        foreach (var line in OracleFile.Read("grayscale-cases.csv.gz").Where((_, i) => i % 15 == 0))
            yield return (line[0], Convert.FromBase64String(line[2]));
    }
}
