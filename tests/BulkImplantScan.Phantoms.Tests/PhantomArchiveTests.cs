using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms.Tests;

public sealed class PhantomArchiveTests
{
    [Theory]
    [InlineData(PhantomEdition.First, ViewChoice.Hip)]
    [InlineData(PhantomEdition.Second, ViewChoice.Mixed)]
    public void Same_seed_same_bytes_on_one_and_on_two_threads(PhantomEdition edition, ViewChoice view)
    {
        using TemporaryFolder one = new(), two = new();
        PhantomArchive.Write(Options(one) with { Threads = 1, Edition = edition, View = view }, null, default);
        PhantomArchive.Write(Options(two) with { Threads = 2, Edition = edition, View = view }, null, default);
        var files = Files(one);
        Assert.Equal(files, Files(two));
        foreach (var file in files)
            Assert.Equal(Hash(one, file), Hash(two, file));
    }

    [Fact]
    public void Every_label_syntax_and_look_is_there_and_the_engine_reads_each_film_as_it_was_made()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Count = 70, Broken = 0 };
        PhantomArchive.Write(options, null, default);
        var labels = Labels(folder);
        Assert.Equal(70, labels.Count);
        Assert.Equal(["D1", "D2", "D3", "D4", "D5", "D6", "none", "unknown"], labels.Select(row => row[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(labels.Where(row => row[1] == "unknown"), row => Assert.Contains(row[5], Designs.TestUnknown.Select(design => design.Name())));

        var plan = Roster.Plan(options);
        using var pool = new PixelBufferPool();
        HashSet<string> syntaxes = [], photometrics = [], vois = [];
        for (var i = 0; i < plan.Count; i++)
        {
            var file = File.ReadAllBytes(Path.Combine(folder.Path, labels[i][0]));
            var dataset = new DicomDataset();
            var parsed = DicomReader.Parse(file, isWholeFile: true, dataset);
            Assert.Equal(Reason.None, parsed.Reason);
            var outcome = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool);
            Assert.Equal((i, Reason.None), (i, outcome.Reason));
            using var pixels = outcome.Pixels!;
            var film = Phantom.Render(plan[i].Plan);
            Assert.True(pixels.Samples<ushort>().SequenceEqual(film.Stored), labels[i][0]);

            var compiled = GrayscalePipeline.Compile(file, dataset, pixels);
            foreach (var stored in (ReadOnlySpan<ushort>)[film.Stored.Min(), film.Stored[film.Stored.Length / 2], film.Stored.Max()])
                Assert.Equal(film.Transform.Apply(stored), compiled.Transform.Apply(stored), 1e-3f);
            syntaxes.Add(dataset.TransferSyntax!);
            photometrics.Add(film.Monochrome1 ? "MONOCHROME1" : "MONOCHROME2");
            vois.Add(compiled.Voi);
            Assert.Equal(labels[i][2], dataset.GetString(file, new DicomTag(0x0020, 0x0062)));
            Assert.Equal(labels[i][3], dataset.GetString(file, new DicomTag(0x0010, 0x0020)));
            Assert.Equal(labels[i][4].Replace("-", "", StringComparison.Ordinal), dataset.GetString(file, new DicomTag(0x0008, 0x0020)));
            // What the DX module of the standard cannot do without.
            foreach (var tag in (uint[])[0x00080008, 0x00080016, 0x00080018, 0x00080060, 0x00080068, 0x00082218, 0x00180015, 0x00181164, 0x0020000D, 0x0020000E,
                0x00200020, 0x00280301, 0x00281040, 0x00281041, 0x00281052, 0x00281053, 0x00281054, 0x00282110, 0x00400555, 0x00540220, 0x20500020])
            {
                byte[] littleEndian = [(byte)(tag >> 16), (byte)(tag >> 24), (byte)tag, (byte)(tag >> 8)];
                Assert.True(file.AsSpan(0, (int)parsed.Offset).IndexOf(littleEndian) >= 0, $"{tag:X8}");
            }
        }

        Assert.True(syntaxes.Count >= 4, string.Join(' ', syntaxes));
        Assert.Equal(2, photometrics.Count);
        Assert.True(vois.Count >= 3, string.Join(' ', vois));
    }

    [Fact]
    public void Masks_lie_beside_the_films_not_among_them()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(Options(folder), null, default);
        foreach (var row in Labels(folder).Where(row => row[1] != "broken"))
        {
            Assert.StartsWith("masks/", row[9], StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder.Path, row[9])));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, "films"), "*.png", SearchOption.AllDirectories));
    }

    [Fact]
    public void The_plans_of_an_archive_are_its_films()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Broken = 0, Edition = PhantomEdition.Second };
        PhantomArchive.Write(options, null, default);
        var plans = PhantomArchive.Plans(options);
        Assert.Equal(Labels(folder).Select(row => row[0]), plans.Select(plan => plan.File));
        foreach (var (file, plan) in plans)
        {
            var film = Phantom.Render(plan);
            var mask = Labels(folder).Single(row => row[0] == file)[9];
            Assert.Equal(PngWriter.Grey(film.Mask, film.Columns, film.Rows), File.ReadAllBytes(Path.Combine(folder.Path, mask)));
        }
    }

    [Fact]
    public void Broken_files_fail_for_the_reason_that_the_label_says()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(Options(folder) with { Count = 2, Broken = 12 }, null, default);
        var broken = Labels(folder).Where(row => row[1] == "broken").ToList();
        Assert.Equal(12, broken.Count);
        Assert.Equal(["empty_file", "not_dicom", "truncated_pixel_data", "unsupported_transfer_syntax"], broken.Select(row => row[8]).Distinct().Order(StringComparer.Ordinal));
        using var pool = new PixelBufferPool();
        foreach (var row in broken)
        {
            var file = File.ReadAllBytes(Path.Combine(folder.Path, row[0]));
            if (file.Length == 0)
            {
                Assert.Equal("empty_file", row[8]);
                continue;
            }

            var dataset = new DicomDataset();
            var reason = DicomReader.Parse(file, isWholeFile: true, dataset).Reason;
            if (reason == Reason.None) reason = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool).Reason;
            Assert.Equal(row[8], reason.InRow());
        }
    }

    [Fact]
    public void Some_patients_change_their_device_and_no_patient_is_in_both_sets()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Count = 400 };
        var test = Roster.Plan(options);
        var training = Roster.Plan(options with { Set = PhantomSet.Training });
        Assert.Contains(test.GroupBy(film => (film.Header.PatientNumber, film.Subject.Side)), films => films.Select(film => film.Design).Distinct().Count() > 1);
        Assert.Contains(test.GroupBy(film => film.Header.PatientNumber), films => films.Select(film => film.Subject.Side).Distinct().Count() > 1);
        Assert.Empty(test.Select(film => film.Header.PatientNumber).Intersect(training.Select(film => film.Header.PatientNumber)));
        Assert.Empty(test.Select(film => film.Seed).Intersect(training.Select(film => film.Seed)));
        Assert.Equal(test.Count, test.Select(film => film.Header.InstanceUid).Distinct().Count());
        Assert.Equal(test.Count, test.Select(film => film.Path).Distinct().Count());
        Assert.All(test, film => Assert.InRange(film.Header.Taken.Year, 2014, 2022));
        Assert.Equal(3, test.Select(film => film.Header.Institution).Distinct().Count());
        Assert.All(training, film => Assert.DoesNotContain(film.Design, Designs.TestUnknown));
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "mine.txt"), "");
        Assert.Throws<ArgumentException>(() => PhantomArchive.Write(Options(folder), null, default));
    }

    [Fact]
    public void A_cancelled_archive_has_no_labels()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PhantomArchive.Write(Options(folder), null, stop.Token));
        Assert.False(File.Exists(Path.Combine(folder.Path, "labels.csv")));
    }

    private static PhantomOptions Options(TemporaryFolder folder) =>
        new() { Count = 8, OutFolder = folder.Path, Seed = 3, LongSidePixels = 128, Masks = true, Broken = 6 };

    private static List<string[]> Labels(TemporaryFolder folder) =>
        [.. File.ReadAllLines(Path.Combine(folder.Path, "labels.csv")).Skip(1).Select(line => line.Split(','))];

    private static string[] Files(TemporaryFolder folder) =>
        [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal)];

    private static string Hash(TemporaryFolder folder, string file) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Path, file))));
}
