using System.Globalization;
using BulkImplantScan.Benchmarks.Pipeline;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>Whether films decoded at a reduced resolution get the answers that they get at full resolution.</summary>
/// <remarks><c>dotnet run -c Release --project benchmarks/BulkImplantScan.Benchmarks -- agreement 2000</c>: phantoms of 2000 to 3000 pixels, written
/// in JPEG 2000, scanned twice with the demonstration model. In portions, which are deleted again. Needs opj_compress.</remarks>
internal static class ReducedAgreement
{
    private const int PortionFilms = 100;

    public static async Task RunAsync(int films)
    {
        var model = ModelPackage.Load(Directory.GetDirectories(Path.Combine(Repository(), "models"), "phantom-hip-*").Single());
        var (same, all) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        for (var portion = 0; portion * PortionFilms < films; portion++)
        {
            var count = Math.Min(PortionFilms, films - portion * PortionFilms);
            var folder = Directory.CreateTempSubdirectory("bis-agreement-").FullName;
            try
            {
                var archive = Path.Combine(folder, "phantoms");
                PhantomArchive.Write(new() { Count = count, OutFolder = archive, Seed = 20_000UL + (ulong)portion }, null, CancellationToken.None);
                Parallel.ForEach(
                    Directory.GetFiles(Path.Combine(archive, "films"), "*", SearchOption.AllDirectories),
                    new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                    path => File.WriteAllBytes(path, Jpeg2000Writer.Transcode(File.ReadAllBytes(path))));
                var exact = await ScanAsync(model, folder, archive, exactDecode: true);
                var reduced = await ScanAsync(model, folder, archive, exactDecode: false);
                for (var i = 0; i < exact.Length; i++)
                {
                    if (exact[i].TopClass is null && reduced[i].TopClass is null) continue; // turned away by its header
                    var level = reduced[i].Notes.FirstOrDefault(note => note.StartsWith("reduced_", StringComparison.Ordinal)) ?? "not_reduced";
                    all[level] = all.GetValueOrDefault(level) + 1;
                    if (exact[i].TopClass is not null && exact[i].TopClass == reduced[i].TopClass) same[level] = same.GetValueOrDefault(level) + 1;
                    else Console.WriteLine(Invariant($"{exact[i].FilmKey} {level}: {exact[i].TopClass} {exact[i].Probability:F3} exact, {reduced[i].TopClass} {reduced[i].Probability:F3} reduced"));
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            Console.Error.WriteLine($"{all.Values.Sum()} of {films}");
        }

        foreach (var (level, trials) in all.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Print(level, same.GetValueOrDefault(level), trials);
        Print("all", same.Values.Sum(), all.Values.Sum());
    }

    private static async Task<FilmRow[]> ScanAsync(ModelPackage model, string folder, string archive, bool exactDecode)
    {
        using var device = new CpuDevice(model, CpuDevice.DefaultBatchSize, Environment.ProcessorCount);
        return await PhantomScan.RunAsync(
            model, device, Path.Combine(archive, "films"), Path.Combine(folder, exactDecode ? "exact" : "reduced"),
            new() { Explain = ExplainPolicy.None, ExactDecode = exactDecode });
    }

    private static void Print(string level, int same, int trials)
    {
        var interval = Wilson.Of(same, trials);
        Console.WriteLine(Invariant($"{level}: {same} of {trials} top-1 answers agree, {(double)same / trials:P2} ({interval.Low:P2} to {interval.High:P2})"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BulkImplantScan.sln"))) return folder.FullName;
        throw new InvalidOperationException("BulkImplantScan.sln is not above " + AppContext.BaseDirectory);
    }
}
