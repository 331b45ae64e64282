using System.Globalization;
using System.Text;
using System.Text.Json;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms;

/// <summary>Writes an archive of synthetic films: <c>films/</c> to scan, <c>labels.csv</c>, <c>truth.parquet</c>, <c>phantom.json</c> and <c>masks/</c> beside it.</summary>
/// <remarks>Every film is a function of seed and number; threads only decide who works on which.</remarks>
public static class PhantomArchive
{
    private const int ChunkFilms = 2048; // truth of so many is kept in memory

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes it.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told the number of files written so far; from any thread, in any order.</param>
    /// <param name="stop">Stops between films; the folder is then incomplete, without <c>labels.csv</c>.</param>
    /// <exception cref="ArgumentException">Options out of range, or the folder is not empty.</exception>
    public static void Write(PhantomOptions options, IProgress<int>? progress, CancellationToken stop)
    {
        if (options.Count is < 1 or > 1_000_000) throw new ArgumentException("Count: 1 to 1,000,000 films.", nameof(options));
        if (options.Broken is < 0 or > 10_000) throw new ArgumentException("Broken: 0 to 10,000 files.", nameof(options));
        if (options.LongSidePixels is < 64 or > 4000) throw new ArgumentException("LongSidePixels: 64 to 4000.", nameof(options));
        if (!(options.NoneShare >= 0 && options.UnknownShare >= 0 && options.NoneShare + options.UnknownShare <= 1))
            throw new ArgumentException("NoneShare and UnknownShare: each at least 0, together at most 1.", nameof(options));
        if (options.Confounding.Any(pair => !Confounding.Factors.Contains(pair.Key) || !(pair.Value is >= 0 and <= 1)))
            throw new ArgumentException($"Confounding: shares 0 to 1 of {string.Join(", ", Confounding.Factors)}.", nameof(options));
        if (Directory.Exists(options.OutFolder) && Directory.EnumerateFileSystemEntries(options.OutFolder).Any())
            throw new ArgumentException($"{options.OutFolder} is not empty.", nameof(options));

        Directory.CreateDirectory(Path.Combine(options.OutFolder, "films"));
        if (options.Masks) Directory.CreateDirectory(Path.Combine(options.OutFolder, "masks"));
        var plan = Roster.Plan(options);
        var labels = new string[plan.Count + options.Broken][];
        string truthPath = Path.Combine(options.OutFolder, "truth.parquet"), partialTruth = truthPath + ".partial";
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = stop,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        using (var truthFile = new TruthFile(partialTruth))
        {
            for (var first = 0; first < labels.Length; first += ChunkFilms)
            {
                var truth = new IReadOnlyList<Fact>[Math.Min(ChunkFilms, labels.Length - first)][];
                Parallel.For(0, truth.Length, parallel, at =>
                {
                    var number = first + at;
                    (labels[number], truth[at]) = number < plan.Count ? WriteFilm(options, plan[number], number) : ([WriteBroken(options, plan, number)], []);
                    progress?.Report(Interlocked.Increment(ref done));
                });
                truthFile.Append([.. truth.SelectMany(rows => rows)]);
            }
        }

        File.Move(partialTruth, truthPath);
        File.WriteAllText(Path.Combine(options.OutFolder, "phantom.json"), Manifest(options));
        // Last: whoever finds labels.csv finds a whole archive.
        var text = new StringBuilder("file,label,side,patient,study_date,design,material,set,reason,mask,view,event\n");
        foreach (var row in labels.SelectMany(rows => rows)) text.Append(row).Append('\n');
        var partial = Path.Combine(options.OutFolder, "labels.csv.partial");
        File.WriteAllText(partial, text.ToString());
        File.Move(partial, Path.Combine(options.OutFolder, "labels.csv"));
    }

    /// <summary>The films that <see cref="Write"/> writes for these options, without the broken ones: to render them again, or one thing changed.</summary>
    /// <returns>In the order of <c>labels.csv</c>: <c>file</c> there, and the plan.</returns>
    public static IReadOnlyList<(string File, FilmPlan Plan)> Plans(PhantomOptions options) =>
        [.. Roster.Plan(options).Select(film => ($"films/{film.Path}", film.Plan))];

    /// <summary>Writes a film; returns a row of labels and one of truth for each of its hips.</summary>
    private static (string[] Labels, IReadOnlyList<Fact>[] Truth) WriteFilm(PhantomOptions options, RosterFilm planned, int number)
    {
        var film = Phantom.Render(planned.Plan);
        using (var file = Create(options, planned.Path)) DxWriter.WriteTo(file, film, planned.Header, planned.Syntax);
        var labels = new string[film.Hips.Count];
        var truth = new IReadOnlyList<Fact>[film.Hips.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var hip = film.Hips[i];
            var mask = "";
            if (options.Masks)
            {
                var name = film.Hips.Count == 1 ? $"masks/{number:000000}" : $"masks/{number:000000}-{hip.Side}";
                mask = name + ".png";
                File.WriteAllBytes(Path.Combine(options.OutFolder, mask), PngWriter.Grey(hip.Mask, film.Columns, film.Rows));
                File.WriteAllBytes(Path.Combine(options.OutFolder, name + "-elements.png"), PngWriter.Rgb(Colours(hip.Elements), film.Columns, film.Rows));
            }

            var what = i == 0 ? planned.Event : "";
            labels[i] = Row(options, planned, hip.Side, hip.Label, hip.Design.Name(), hip.Metal, "", mask, what);
            truth[i] = [.. Facts.Of(planned, hip, what), .. film.Facts];
        }

        return (labels, truth);
    }

    private static byte[] Colours(byte[] elements)
    {
        var rgb = new byte[3 * elements.Length];
        for (var at = 0; at < elements.Length; at++)
        {
            if (elements[at] == 0) continue;
            rgb[3 * at] = (byte)((elements[at] >> 2 & 1) * 255);
            rgb[3 * at + 1] = (byte)((elements[at] >> 1 & 1) * 255);
            rgb[3 * at + 2] = (byte)((elements[at] & 1) * 255);
        }

        return rgb;
    }

    /// <summary>What was asked for, so that the archive can be made again and its confounding is known.</summary>
    private static string Manifest(PhantomOptions options) => JsonSerializer.Serialize(
        new
        {
            note = "Synthetic films, computed; nothing is claimed about real ones. Not a medical device.",
            count = options.Count,
            seed = options.Seed,
            set = options.Set == PhantomSet.Test ? "test" : "training",
            edition = (int)options.Edition,
            view = options.View.ToString().ToLowerInvariant(),
            long_side_pixels = options.LongSidePixels,
            broken = options.Broken,
            none_share = options.NoneShare,
            unknown_share = options.UnknownShare,
            masks = options.Masks,
            confounding = options.Confounding,
            weights = options.Weights.ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
        },
        Indented) + "\n";

    private static string WriteBroken(PhantomOptions options, List<RosterFilm> plan, int number)
    {
        var kind = (number - plan.Count) % 6;
        var draw = new Draw(options.Seed ^ (ulong)options.Set << 60, $"broken {number - plan.Count}");
        // A patient of the archive, a film of its own.
        var model = plan[draw.Whole(0, plan.Count - 1)];
        var header = model.Header with { InstanceUid = Uids.Next(draw), InstanceNumber = 90 + number - plan.Count };
        var path = $"{System.IO.Path.GetDirectoryName(model.Path)!.Replace('\\', '/')}/BAD{number - plan.Count:0000}{(kind == 3 ? ".txt" : ".dcm")}";
        var size = Math.Min(options.LongSidePixels ?? 1024, 1024);
        byte[] Film(DxSyntax syntax, string? uid = null, int? rows = null) =>
            DxWriter.Write(Phantom.Render(new FilmPlan { Seed = draw.Next(), Design = Design.None, Subject = model.Subject, LongSidePixels = size }), header, syntax, uid, rows);
        byte[] bytes;
        Reason reason;
        switch (kind)
        {
            case 0:
                bytes = Film(DxSyntax.ExplicitLittleEndian);
                (bytes, reason) = (bytes[..(bytes.Length * 2 / 3)], Reason.TruncatedPixelData);
                break;
            case 1:
                bytes = new byte[8192];
                for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)draw.Next();
                reason = Reason.NotDicom;
                break;
            case 2:
                (bytes, reason) = ([], Reason.EmptyFile);
                break;
            case 3:
                (bytes, reason) = (Encoding.ASCII.GetBytes("Burnt to disc for the patient. Please view with any viewer.\n"), Reason.NotDicom);
                break;
            case 4:
                (bytes, reason) = (Film(DxSyntax.JpegLossless, "1.2.840.10008.1.2.4.102"), Reason.UnsupportedTransferSyntax); // MPEG-4
                break;
            default:
                (bytes, reason) = (Film(DxSyntax.ExplicitLittleEndian, rows: size * 2 + 1), Reason.TruncatedPixelData);
                break;
        }

        using (var file = Create(options, path)) file.Write(bytes);
        return Row(options, model with { Path = path }, model.Subject.Side, "broken", "", Metal.None, reason.InRow(), "", "");
    }

    private static FileStream Create(PhantomOptions options, string path)
    {
        var full = Path.Combine(options.OutFolder, "films", path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return new(full, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    private static string Row(
        PhantomOptions options, RosterFilm planned, char side, string label, string design, Metal metal, string reason, string mask, string what)
    {
        var view = reason.Length > 0 ? "" : planned.Plan.View.ToString().ToLowerInvariant();
        var set = options.Set == PhantomSet.Test ? "test" : "training";
        var date = planned.Header.Taken.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"films/{planned.Path},{label},{side},{planned.Header.PatientNumber},{date},{design},{metal.Name()},{set},{reason},{mask},{view},{what}";
    }
}
