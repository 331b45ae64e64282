using System.Globalization;
using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Imaging;
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
        var found = Find(database, lines, BelowFolder(run, filmsFolder ?? Path.GetDirectoryName(truth.FullPath)!));
        if (found.Count == 0) found = Find(database, lines, (_, path) => path);
        if (found.Count == 0)
        {
            throw new TruthException($"{truth.FullPath}: no line names a film of {run.FullPath}. Paths must start from the folder of the labels or from the archive's root; " +
                "another folder is named with --films.");
        }

        return new Joining(run, truth, model, database, found, filmForBoth).Finish();
    }

    /// <summary>A path below <paramref name="folder"/>, of the full path of a file; null when it lies elsewhere.</summary>
    private static Func<int, string, string?> BelowFolder(RunFolder run, string folder)
    {
        var start = Forward(Path.GetFullPath(folder)).TrimEnd('/') + "/";
        var roots = run.Manifest.Roots.Select(root => Forward(ArchiveRoots.FolderOf(root)).TrimEnd('/') + "/").ToArray();
        return (root, path) => root >= 0 && root < roots.Length && roots[root] + path is var full && full.StartsWith(start, StringComparison.Ordinal) ? full[start.Length..] : null;

        static string Forward(string path) => path.Replace('\\', '/');
    }

    private static void RequireClasses(TruthFile truth, RunModel model)
    {
        var known = model.Classes.Select(c => c.Id).Append(TruthFile.Unknown).Append(TruthFile.Other).Append(TruthFile.Broken).ToHashSet(StringComparer.Ordinal);
        if (truth.Lines.FirstOrDefault(line => !known.Contains(line.Label)) is { } wrong)
        {
            throw new TruthException($"{truth.FullPath}, line {wrong.Number}: \"{wrong.Label}\" is no class of the model {model.Name} ({string.Join(", ", model.Classes.Select(c => c.Id))}). " +
                $"Hardware outside its catalogue is labelled \"{TruthFile.Unknown}\" (its name may stand in a column \"design\"), a film that cannot be read \"{TruthFile.Broken}\".");
        }
    }

    private static Dictionary<long, (TruthLine[] Lines, int Frame)> Find(
        RunDatabase database, Dictionary<(string, int?), TruthLine[]> lines, Func<int, string, string?> path)
    {
        var found = new Dictionary<long, (TruthLine[], int)>();
        var roots = new Dictionary<(TruthLine[], int), int>();
        using var films = database.Ask("SELECT film_index, root, path, member, nested_member, frame FROM inventory");
        foreach (var row in films.Rows())
        {
            var (root, frame) = (Convert.ToInt32(row[1] ?? 0, CultureInfo.InvariantCulture), (int)row[5]!);
            var file = new StringBuilder(Encoding.UTF8.GetString((byte[])row[2]!));
            foreach (var member in (object?[])[row[3], row[4]])
                if (member is byte[] { Length: > 0 } bytes) file.Append('/').Append(Encoding.UTF8.GetString(bytes));
            if (path(root, file.ToString()) is not { } name) continue;
            if (!lines.TryGetValue((name, frame), out var line) && !lines.TryGetValue((name, null), out line)) continue;
            found.Add((long)row[0]!, (line, frame));
            if (!roots.TryAdd((line, frame), root))
            {
                throw new TruthException($"Line {line[0].Number} of the labels names more than one film of the run: paths start from the archives' roots, of which it has several, or " +
                    "a container has two members of that name. Let paths start from a folder that holds all archives, and name it with --films.");
            }
        }

        return found;
    }

    /// <summary>The films' rows.</summary>
    private sealed class Joining(RunFolder run, TruthFile truth, RunModel model, RunDatabase database, Dictionary<long, (TruthLine[] Lines, int Frame)> found, bool filmForBoth)
    {
        private static readonly string[] FactNames = ["site", "year", "machine", "view", "sex", "age band", "region"];
        private static readonly string[] ExposureNames = ["kV", "mAs"];

        private readonly Dictionary<string, int> _classes = model.Classes.Select((c, position) => (c.Id, position)).ToDictionary(c => c.Id, c => c.position, StringComparer.Ordinal);
        private readonly Dictionary<string, int> _patients = new(StringComparer.Ordinal);
        private readonly Dictionary<int, HashSet<string>> _pseudonyms = [];
        private readonly Dictionary<(string Key, string? Side), string> _labels = []; // of each film, or hip of a pelvis, its label
        private int _nobody, _broken, _brokenRefused, _together, _withoutHip, _unlabelledHips;

        public LabelledRun Finish()
        {
            database.Execute("CREATE TEMP TABLE labelled (film_index BIGINT)");
            foreach (var some in found.Keys.Chunk(1000))
                database.Execute("INSERT INTO labelled VALUES " + string.Join(", ", some.Select(index => string.Create(CultureInfo.InvariantCulture, $"({index})"))));

            var rows = new List<object?[]>();
            using (var answer = database.Ask("""
                SELECT film_index, film_key, duplicate_of, status, reason, top_class, probabilities, conformal_set, energy, patient, side,
                    site, year(study_date)::INTEGER, nullif(concat_ws(' ', machine_maker, machine_model), ''), "view", sex, age_band,
                    CASE WHEN region = 'whole' THEN 'whole film' ELSE 'hip of a pelvis' END, region,
                    cam, cam_height, cam_width, cam_peak_y, cam_peak_x, "rows", "columns", field_top, field_left, field_height, field_width, list_contains(notes, 'aspect'), feature_distance, kv_band, mas_band
                FROM films SEMI JOIN labelled USING (film_index) ORDER BY film_index, region
                """))
            {
                rows.AddRange(answer.Rows());
            }

            if (!rows.Exists(row => Side(row) is not null)) rows.ForEach(row => row[17] = null); // a run of whole films: nothing to tell apart
            var units = rows.SelectMany(Units).ToArray();
            foreach (var (row, line) in units) _labels[Hip(row, line)] = line.Label;

            var films = new List<LabelledFilm>();
            int copies = 0, contradicting = 0;
            foreach (var (row, line) in units)
            {
                if (row[2] is string original
                    && (_labels.TryGetValue(Hip(row, line) with { Key = original }, out var other) || _labels.TryGetValue((original, null), out other)))
                {
                    copies++;
                    if (other != line.Label) contradicting++;
                }
                else if (line.Label == TruthFile.Broken)
                {
                    _broken++;
                    if (row[3] is "rejected" or "failed") _brokenRefused++;
                }
                else
                {
                    films.Add(Film(row, line));
                }
            }

            var scanned = rows.Select(row => (long)row[0]!).ToHashSet();
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
        private IEnumerable<(object?[] Row, TruthLine Line)> Units(object?[] row)
        {
            var lines = found[(long)row[0]!].Lines;
            if (Side(row) is { } side)
            {
                var ofHip = Array.Find(lines, line => line.Side == side);
                if (ofHip is not null) return [(row, ofHip)];
                if (lines.Length == 1 && lines[0].Side is "L" or "R") _unlabelledHips++;
                else if (side == "L") _withoutHip++; // one label for both rows: counted once
                return [];
            }

            // A film that was not judged is lost for both of its hips, whoever was to judge it.
            if (lines.Length == 1 || filmForBoth || row[3] is "rejected" or "failed") return lines.Select(line => (row, line));
            _together += lines.Length;
            return [];
        }

        /// <summary>Of the hip that a row is of; null for a film.</summary>
        private static string? Side(object?[] row) => (string)row[18]! switch { FilmRegion.Left => "L", FilmRegion.Right => "R", _ => null };

        private (string Key, string? Side) Hip(object?[] row, TruthLine line) =>
            ((string)row[1]!, found[(long)row[0]!].Lines.Length == 1 ? null : line.Side);

        private LabelledFilm Film(object?[] row, TruthLine line)
        {
            var frame = found[(long)row[0]!].Frame;
            var truthClass = _classes.TryGetValue(line.Label, out var position) && model.Classes[position].Answers ? position : UnknownHardware;
            var probabilities = row[6] is IEnumerable<float> p ? p.Select(value => (double)value).ToArray() : [];
            var isScored = probabilities.Length == model.Classes.Length && Array.TrueForAll(probabilities, double.IsFinite);
            return new()
            {
                FilmKey = (string)row[1]!,
                Place = (line.Number, frame),
                Truth = truthClass,
                Patient = Patient(line, row),
                Side = (line.Side ?? row[10]) is "L" or "R" ? line.Side ?? (string)row[10]! : null,
                IsHipOfPelvis = Side(row) is not null,
                Status = (string)row[3]!,
                Reason = (string?)row[4],
                Top = isScored && row[5] is string top && _classes.TryGetValue(top, out var topClass) ? topClass : -1,
                Probabilities = isScored ? probabilities : [],
                ConformalSet = row[7] is IEnumerable<string> set ? [.. set.Where(_classes.ContainsKey).Select(id => _classes[id])] : [],
                Energy = row[8] is float energy && float.IsFinite(energy) ? energy : null,
                FeatureDistance = row[31] is float distance && float.IsFinite(distance) ? distance : null,
                Facts = [.. FactNames.Select((name, i) => (name, Convert.ToString(row[11 + i], CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null)), .. ExposureNames.Select((name, i) => (name, row[32 + i] as string))],
                Set = line.Set,
                Design = line.Design ?? (line.Label == TruthFile.Other ? "no hip" : null),
                Mask = line.Mask is { } mask ? Path.Combine(Path.GetDirectoryName(truth.FullPath)!, mask.Replace('/', Path.DirectorySeparatorChar)) : null,
                Cam = Cam(row),
            };
        }

        private static FilmCam? Cam(object?[] row)
        {
            if (row[19] is not byte[] cells || row[20] is not int height || row[21] is not int width || cells.Length == 0 || cells.Length != height * width) return null;
            if (row[22] is not float y || row[23] is not float x || !float.IsFinite(y) || !float.IsFinite(x) || row[24] is not int rows || row[25] is not int columns) return null;
            var field = row[26] is int top && row[27] is int left && row[28] is int tall && row[29] is int wide ? new FieldOfView(top, left, tall, wide) : new(0, 0, rows, columns);
            return field.FitsIn(rows, columns) ? new(cells, height, width, y, x, rows, columns, field, Side(row) is not null, row[30] is not true) : null;
        }

        /// <summary>The truth's patient, else the row's pseudonym, else nobody.</summary>
        private int Patient(TruthLine line, object?[] row)
        {
            var pseudonym = (string?)row[9];
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
