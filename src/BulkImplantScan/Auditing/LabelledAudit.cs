using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Inference;
using BulkImplantScan.Registry;

namespace BulkImplantScan.Auditing;

/// <summary>The shortcut tests of a labelled run: 6, 7, 8, 11 and 12 of docs/audit.md.</summary>
/// <param name="Tests">All five, run or not.</param>
/// <param name="TruthSha256">Of the labels; null without a run.</param>
public sealed record LabelledAudit(IReadOnlyList<AuditTest> Tests, string? TruthSha256)
{
    private const string NoRun = "no labelled run was given (--run, --truth)";

    /// <summary>Without a run.</summary>
    public static LabelledAudit None { get; } = new(All([], [], [], [], [], NoRun, NoRun, NoRun, NoRun, NoRun), null);

    /// <summary>Audits a run.</summary>
    /// <param name="runFolder">Scanned with the model.</param>
    /// <param name="truthPath">Labels.</param>
    /// <param name="model">The model that is audited.</param>
    /// <param name="filmsFolder">Folder that the paths of the labels start from; null for that of the labels.</param>
    /// <param name="asked">Numbers of the tests to run; null for all.</param>
    /// <param name="stop">Cancels while films are read again.</param>
    /// <exception cref="TruthException">The labels cannot be used, or the run is of a model with other classes.</exception>
    /// <exception cref="Results.RunFolderException">The run cannot be used.</exception>
    public static LabelledAudit Of(string runFolder, string truthPath, ModelPackage model, string? filmsFolder = null, IReadOnlyCollection<int>? asked = null, CancellationToken stop = default)
    {
        var truth = TruthFile.Read(truthPath);
        var run = LabelledRun.Join(runFolder, truth, filmsFolder);
        if (run.Run.Manifest.Model!.Name != model.Name || !run.Classes.Select(c => c.Id).SequenceEqual(model.Classes.Select(c => c.Id)))
            throw new TruthException($"{run.Run.FullPath} was scanned with the model {run.Run.Manifest.Model.Name}, not with {model.Name}. Scan the films with the model that is audited.");
        using var database = RunDatabase.Open(run.Run, new(), locked: false, skipUnreadable: false);
        var films = AuditedFilm.Read(run, database);
        AuditLine[] tags = Lines(6, () => TagTest.Lines(run, films)), probe = Lines(7, () => ProbeTest.Lines(run, films)), groups = Lines(8, () => Groups(run).Concat(LeaveOneOutTest.Lines(films))),
            leaks = Lines(11, () => Leaks(run, database)), lookalikes = Lines(11, () => LookalikeTest.Lines(run, stop)), dates = Lines(12, () => DateTest.Lines(films, model.Classes));
        var tests = All(tags, probe, groups, [.. leaks, .. lookalikes], dates,
            tags.Length == 0 ? "the films have one class, or no tag of theirs has two values" : "station and pitch, which rows do not have",
            Array.TrueForAll(probe, line => line.State is null) ? "no machine or site has enough films of both kinds with features" : "",
            "sites and years left out of the whole network, which takes a training each: its last layer alone is fitted anew",
            NotCompared(run, lookalikes),
            dates.Length > 0 ? "" : model.Classes.All(c => c.MarketedFrom is null) ? "the model's catalogue has no first years (train --devices, column marketed_from)" : "no film of a device with a first year has a date");
        return new([.. tests.Select(test => IsAsked(test.Number) ? test : test with { NotRun = AuditTest.NotAsked })], truth.Sha256);

        bool IsAsked(int number) => asked is null || asked.Contains(number);

        AuditLine[] Lines(int number, Func<IEnumerable<AuditLine>> lines) => IsAsked(number) ? [.. lines()] : [];
    }

    private static string NotCompared(LabelledRun run, AuditLine[] lookalikes)
    {
        var (compared, films) = (lookalikes.Length == 0 ? 0 : lookalikes[0].N, run.Films.Select(film => film.FilmKey).Distinct().Count());
        var unread = compared == films ? "" : string.Create(CultureInfo.InvariantCulture, $"nearly the same pictures among {films - compared} of {films} films, which cannot be read again (in containers, moved, no DICOM files), and ");
        return unread + "leaks from the training films, which a package does not list";
    }

    private static AuditTest[] All(AuditLine[] tags, AuditLine[] probe, AuditLine[] groups, AuditLine[] leaks, AuditLine[] dates,
        string noTags, string noProbe, string noGroups, string noLeaks, string noDates) =>
    [
        new() { Number = 6, Name = "Tags alone", Question = "How often is the device right by tags of the header, without the film?", Lines = tags, NotRun = noTags },
        new() { Number = 7, Name = "Linear probe", Question = "Do the network's features carry side, machine or site, among films of one device?", Lines = probe, NotRun = noProbe },
        new() { Number = 8, Name = "Worst group", Question = "Is any group of films judged far worse than all?", Lines = groups, NotRun = noGroups },
        new() { Number = 11, Name = "Duplicates and leaks", Question = "Are pixels or patients in two places that must be apart?", Lines = leaks, NotRun = noLeaks },
        new() { Number = 12, Name = "Dates", Question = "Is a device named on a film from before its first year on the market?", Lines = dates, NotRun = noDates },
    ];

    private static IEnumerable<AuditLine> Groups(LabelledRun run)
    {
        var films = run.Films.Where(film => film.Truth >= 0).ToArray();
        if (films.Length == 0) yield break;
        var limit = films.Count(film => film.Top == film.Truth) / (double)films.Length - AuditLimits.WorstGroup;
        foreach (var group in SubgroupFigures.Of(run).Where(group => group.IsWorst))
        {
            var (low, high) = (group.Top1.PatientLo ?? 0, group.Top1.PatientHi ?? 1);
            yield return new(
                $"{group.By}: {(group.By == "site" ? group.Value?[..Math.Min(8, group.Value.Length)] : group.Value) ?? "not known"}", "right (at least the limit)", group.N ?? 0, group.Top1.Value, low, high, limit,
                high < limit ? AuditState.Red : low >= limit ? AuditState.Green : AuditState.Amber, "the worst of its kind; by patient");
        }
    }

    private static IEnumerable<AuditLine> Leaks(LabelledRun run, RunDatabase database)
    {
        int n = run.Films.Count + run.Flow.Copies;
        yield return Count("copies of a film", "with another label than the film", run.Flow.ContradictingCopies, n);
        yield return Count("the same pixels", "in films of two patients", Long("SELECT count(*) FROM (SELECT pixel_hash FROM films WHERE pixel_hash IS NOT NULL GROUP BY 1 HAVING count(DISTINCT patient) > 1)"), n);
        var sets = run.Films.Where(film => film.Set is not null).ToArray();
        if (sets.Select(film => film.Set).Distinct().Skip(1).Any())
            yield return Count("patients", "in two sets of the labels", sets.GroupBy(film => film.Patient).Count(patient => patient.Select(film => film.Set).Distinct().Skip(1).Any()), sets.Select(film => film.Patient).Distinct().Count());

        // A census, not a sample: one is one too many.
        static AuditLine Count(string of, string measure, long count, int n) =>
            new(of, measure, n, n == 0 ? null : count / (double)n, null, null, 0, n == 0 ? AuditState.NotRun : count == 0 ? AuditState.Green : AuditState.Red, string.Create(CultureInfo.InvariantCulture, $"{count}"));

        long Long(string sql)
        {
            using var answer = database.Ask(sql);
            return (long)answer.Rows().Single()[0]!;
        }
    }
}
