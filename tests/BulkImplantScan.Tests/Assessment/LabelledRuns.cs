using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Registry;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Assessment;

/// <summary>Small runs with labels. Classes: a, b, none; unknown is what the model calls unknown hardware.</summary>
internal sealed class LabelledRuns : IDisposable
{
    public static readonly EvaluationOptions Quick = new() { Replicates = 200 };

    private readonly TemporaryFolder _folder = new();
    private readonly List<SmallRun> _runs = [];

    /// <summary>A film with probabilities of a, b, none, unknown.</summary>
    public static FilmRow Film(int index, float[] p, string? patient, string? side = "L", FilmStatus? status = null, string[]? set = null, float? energy = -5, string? instance = null, FilmFacts? facts = null)
    {
        string[] ids = [.. SmallRun.Model.Classes.Select(c => c.Id)];
        var top = ids[Array.IndexOf(p, p.Max())];
        var became = status ?? top switch { "none" => FilmStatus.None, "unknown" => FilmStatus.Abstained, _ => FilmStatus.Identified };
        return SmallRun.Row(index, became, top, patient, side: side, probability: p.Max(), instance: instance, facts: facts) with { Probabilities = p, ConformalSet = set ?? [], Energy = energy };
    }

    public string Run(params FilmRow[] rows) => RunOf(rows);

    public string RunOf(FilmRow[] rows, long? films = null, RunModel? model = null)
    {
        var run = new SmallRun(rows, films: films, model: model);
        _runs.Add(run);
        return run.FullPath;
    }

    public string Labels(string header, params string[] lines)
    {
        var path = _folder[string.Create(CultureInfo.InvariantCulture, $"labels{Directory.GetFiles(_folder[""]).Length}.csv")];
        File.WriteAllLines(path, [header, .. lines]);
        return path;
    }

    public string this[string name] => _folder[name];

    public void Dispose()
    {
        foreach (var run in _runs) run.Dispose();
        _folder.Dispose();
    }
}
