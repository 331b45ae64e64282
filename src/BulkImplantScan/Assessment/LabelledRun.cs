using System.Globalization;
using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>A run joined with the truth, film by film.</summary>
/// <remarks>The join is by path, over the inventory: rows hold no names. A line of the truth is first taken as a path below the truth file's own folder
/// (or the folder that is named), then, if no line is found so, as a path below the archive. Paths and patients of the truth stay in
/// memory: a film is its key, a patient a number.</remarks>
public sealed class LabelledRun
{
    /// <summary><see cref="LabelledFilm.Truth"/> of hardware outside the catalogue.</summary>
    public const int UnknownHardware = -1;

    private LabelledRun(RunFolder run, TruthFile truth, IReadOnlyList<LabelledFilm> films, FilmFlow flow) => (Run, Truth, Films, Flow) = (run, truth, films, flow);

    /// <summary>The run.</summary>
    public RunFolder Run { get; }

    /// <summary>The truth.</summary>
    public TruthFile Truth { get; }

    /// <summary>Films to evaluate, by place in the inventory; no broken ones, no copies.</summary>
    public IReadOnlyList<LabelledFilm> Films { get; }

    /// <summary>Where all others went.</summary>
    public FilmFlow Flow { get; }

    /// <summary>Classes of the model.</summary>
    public IReadOnlyList<RunClass> Classes => Run.Manifest.Model!.Classes;

    /// <summary>Joins.</summary>
    /// <param name="runFolder">The run; films may still be missing.</param>
    /// <param name="truth">Labels.</param>
    /// <param name="filmsFolder">Folder that the paths of the truth start from; null for the truth file's own.</param>
    /// <param name="filmForBoth">Where a pelvis was judged as a whole, and each hip has a label, the film's answer is that of both; else such films
    /// are left out.</param>
    /// <exception cref="RunFolderException">No run, a damaged one, or one that was never scanned.</exception>
    /// <exception cref="TruthException">A label that the model does not know, or no film of the run is labelled.</exception>
    public static LabelledRun Join(string runFolder, TruthFile truth, string? filmsFolder = null, bool filmForBoth = false)
    {
        var run = RunFolder.Open(runFolder);
        if (run.Manifest.Model is not { } model) throw new RunFolderException($"{run.FullPath} has not been scanned. Scan it first: scan {runFolder} --model MODEL");
        using var database = RunDatabase.Open(run, new(), locked: false, skipUnreadable: false);
        RequireClasses(truth, model);

        var lines = truth.Lines.GroupBy(line => (line.File, line.Frame)).ToDictionary(group => group.Key, group => group.ToArray());
        var roots = run.Manifest.Roots.Select(root => Forward(ArchiveRoots.FolderOf(root)).TrimEnd('/') + "/").ToArray();
        var found = Find(database, lines, roots, BelowFolder(roots, filmsFolder ?? Path.GetDirectoryName(truth.FullPath)!));
        if (found.Count == 0) found = Find(database, lines, roots, (_, path) => path);
        if (found.Count == 0)
        {
            throw new TruthException($"{truth.FullPath}: no line names a film of {run.FullPath}. Paths must start from the folder of the labels or from the archive's root; " +
                "another folder is named with --films.");
        }

        return new Joining(run, truth, model, database, found, filmForBoth).Finish();
    }

    /// <summary>A path below <paramref name="folder"/>, of the full path of a file; null when it lies elsewhere.</summary>
    private static Func<int, string, string?> BelowFolder(string[] roots, string folder)
    {
        var start = Forward(Path.GetFullPath(folder)).TrimEnd('/') + "/";
        return (root, path) => root >= 0 && root < roots.Length && roots[root] + path is var full && full.StartsWith(start, StringComparison.Ordinal) ? full[start.Length..] : null;
    }

    private static string Forward(string path) => path.Replace('\\', '/');

    private static void RequireClasses(TruthFile truth, RunModel model)
    {
        var known = model.Classes.Select(c => c.Id).Append(TruthFile.Unknown).Append(TruthFile.Other).Append(TruthFile.Broken).ToHashSet(StringComparer.Ordinal);
        if (truth.Lines.FirstOrDefault(line => !known.Contains(line.Label)) is { } wrong)
        {
            throw new TruthException($"{truth.FullPath}, line {wrong.Number}: \"{wrong.Label}\" is no class of the model {model.Name} ({string.Join(", ", model.Classes.Select(c => c.Id))}). " +
                $"Hardware outside its catalogue is labelled \"{TruthFile.Unknown}\" (its name may stand in a column \"design\"), a film that cannot be read \"{TruthFile.Broken}\".");
        }
    }

    private static Dictionary<long, Place> Find(
        RunDatabase database, Dictionary<(string, int?), TruthLine[]> lines, string[] folders, Func<int, string, string?> path)
    {
        var found = new Dictionary<long, Place>();
        var roots = new Dictionary<(TruthLine[], int), int>();
        using var films = database.Ask("SELECT film_index, root, path, member, nested_member, frame FROM inventory");
        foreach (var row in films.Rows())
        {
            var (root, frame) = (Convert.ToInt32(row[1] ?? 0, CultureInfo.InvariantCulture), (int)row[5]!);
            var file = new StringBuilder(Encoding.UTF8.GetString((byte[])row[2]!));
            var onDisk = frame == 1 && root >= 0 && root < folders.Length ? folders[root] + file : null;
            foreach (var member in (object?[])[row[3], row[4]])
            {
                if (member is not byte[] { Length: > 0 } bytes) continue;
                file.Append('/').Append(Encoding.UTF8.GetString(bytes));
                onDisk = null;
            }

            if (path(root, file.ToString()) is not { } name) continue;
            if (!lines.TryGetValue((name, frame), out var line) && !lines.TryGetValue((name, null), out line)) continue;
            found.Add((long)row[0]!, new(line, frame, onDisk));
            if (!roots.TryAdd((line, frame), root))
            {
                throw new TruthException($"Line {line[0].Number} of the labels names more than one film of the run: paths start from the archives' roots, of which it has several, or " +
                    "a container has two members of that name. Let paths start from a folder that holds all archives, and name it with --films.");
            }
        }

        return found;
    }

    /// <param name="Lines">Labels of the film.</param>
    /// <param name="Frame">From 1.</param>
    /// <param name="Path">Null where the film is no file of its own.</param>
    private sealed record Place(TruthLine[] Lines, int Frame, string? Path);

    /// <summary>The films' rows.</summary>
    private sealed class Joining(RunFolder run, TruthFile truth, RunModel model, RunDatabase database, Dictionary<long, Place> found, bool filmForBoth)
    {
        private readonly Dictionary<string, int> _classes = model.Classes.Select((c, position) => (c.Id, position)).ToDictionary(c => c.Id, c => c.position, StringComparer.Ordinal);
        private readonly Dictionary<string, int> _patients = new(StringComparer.Ordinal);
        private readonly Dictionary<int, HashSet<string>> _pseudonyms = [];
        private readonly Dictionary<(string Key, string? Side), string> _labels = []; // of each film, or hip of a pelvis, its label
        private bool _byRegion;
        private int _nobody, _broken, _brokenRefused, _together, _withoutHip, _unlabelledHips;

        public LabelledRun Finish()
        {
            database.Execute("CREATE TEMP TABLE labelled (film_index BIGINT)");
            foreach (var some in found.Keys.Chunk(1000))
                database.Execute("INSERT INTO labelled VALUES " + string.Join(", ", some.Select(index => string.Create(CultureInfo.InvariantCulture, $"({index})"))));

            var rows = new List<LabelledRow>();
            using (var answer = database.Ask($"SELECT {LabelledRow.Columns} FROM films SEMI JOIN labelled USING (film_index) ORDER BY film_index, region"))
                rows.AddRange(answer.Rows().Select(values => new LabelledRow(values)));

            _byRegion = rows.Exists(row => row.Hip is not null); // else a run of whole films: nothing to tell apart
            var units = rows.SelectMany(Units).ToArray();
            foreach (var (row, line) in units) _labels[Hip(row, line)] = line.Label;

            var films = new List<LabelledFilm>();
            int copies = 0, contradicting = 0;
            foreach (var (row, line) in units)
            {
                if (row.Original is { } original
                    && (_labels.TryGetValue(Hip(row, line) with { Key = original }, out var other) || _labels.TryGetValue((original, null), out other)))
                {
                    copies++;
                    if (other != line.Label) contradicting++;
                }
                else if (line.Label == TruthFile.Broken)
                {
                    _broken++;
                    if (!row.IsJudged) _brokenRefused++;
                }
                else
                {
                    films.Add(Film(row, line));
                }
            }

            var scanned = rows.Select(row => row.FilmIndex).ToHashSet();
            return new(run, truth, films, new()
            {
                Lines = truth.Lines.Count,
                NotInRun = truth.Lines.Count - found.Values.SelectMany(place => place.Lines).Distinct().Count(),
                Films = found.Values.Sum(place => place.Lines.Length),
                NotScanned = found.Where(film => !scanned.Contains(film.Key)).Sum(film => film.Value.Lines.Length),
                Together = _together,
                WithoutHip = _withoutHip,
                Copies = copies,
                ContradictingCopies = contradicting,
                Broken = _broken,
                BrokenRefused = _brokenRefused,
                Known = films.Count(film => film.Truth != UnknownHardware),
                Unknown = films.Count(film => film.Truth == UnknownHardware),
                Patients = _patients.Count,
                WithoutPatient = _nobody,
                PatientsOfSeveralIds = _pseudonyms.Values.Count(ids => ids.Count > 1),
                Unlabelled = Count("SELECT count(*) FROM films") - rows.Count + _unlabelledHips,
            });
        }

        /// <summary>What of a row is evaluated, with its label: the film, a hip of a pelvis, or nothing.</summary>
        private IEnumerable<(LabelledRow Row, TruthLine Line)> Units(LabelledRow row)
        {
            var lines = found[row.FilmIndex].Lines;
            if (row.Hip is { } side)
            {
                var ofHip = Array.Find(lines, line => line.Side == side);
                if (ofHip is not null) return [(row, ofHip)];
                if (lines.Length == 1 && lines[0].Side is "L" or "R") _unlabelledHips++;
                else if (side == "L") _withoutHip++; // one label for both rows: counted once
                return [];
            }

            // A film that was not judged is lost for both of its hips, whoever was to judge it.
            if (lines.Length == 1 || filmForBoth || !row.IsJudged) return lines.Select(line => (row, line));
            _together += lines.Length;
            return [];
        }

        private (string Key, string? Side) Hip(LabelledRow row, TruthLine line) =>
            (row.FilmKey, found[row.FilmIndex].Lines.Length == 1 ? null : line.Side);

        private LabelledFilm Film(LabelledRow row, TruthLine line)
        {
            var place = found[row.FilmIndex];
            var truthClass = _classes.TryGetValue(line.Label, out var position) && model.Classes[position].Answers ? position : UnknownHardware;
            var probabilities = row.Probabilities;
            var isScored = probabilities.Length == model.Classes.Length && Array.TrueForAll(probabilities, double.IsFinite);
            return new()
            {
                FilmKey = row.FilmKey,
                Place = (line.Number, place.Frame),
                Truth = truthClass,
                Patient = Patient(line, row),
                Side = (line.Side ?? row.Side) is "L" or "R" ? line.Side ?? row.Side : null,
                IsHipOfPelvis = row.Hip is not null,
                Status = row.Status,
                Reason = row.Reason,
                Top = isScored && row.TopClass is { } top && _classes.TryGetValue(top, out var topClass) ? topClass : -1,
                Probabilities = isScored ? probabilities : [],
                ConformalSet = [.. row.ConformalSet.Where(_classes.ContainsKey).Select(id => _classes[id])],
                Energy = row.Energy,
                FeatureDistance = row.FeatureDistance,
                Facts = row.Facts(_byRegion),
                Set = line.Set,
                Design = line.Design ?? (line.Label == TruthFile.Other ? "no hip" : null),
                Mask = line.Mask is { } mask ? Path.Combine(Path.GetDirectoryName(truth.FullPath)!, mask.Replace('/', Path.DirectorySeparatorChar)) : null,
                Path = place.Path,
                Cam = row.Cam(),
            };
        }

        /// <summary>The truth's patient, else the row's pseudonym, else nobody.</summary>
        private int Patient(TruthLine line, LabelledRow row)
        {
            var pseudonym = row.Patient;
            string name;
            if (line.Patient.Length > 0) name = "truth " + line.Patient;
            else if (pseudonym is not null) name = "row " + pseudonym;
            else name = string.Create(CultureInfo.InvariantCulture, $"nobody {_nobody++}");
            if (!_patients.TryGetValue(name, out var number)) _patients.Add(name, number = _patients.Count);
            if (line.Patient.Length > 0 && pseudonym is not null)
            {
                if (!_pseudonyms.TryGetValue(number, out var ids)) _pseudonyms.Add(number, ids = []);
                ids.Add(pseudonym);
            }

            return number;
        }

        private long Count(string sql)
        {
            using var answer = database.Ask(sql);
            return (long)answer.Rows().Single()[0]!;
        }
    }
}
