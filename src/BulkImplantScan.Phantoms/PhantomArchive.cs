using System.Globalization;
using System.Text;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms;

/// <summary>Writes an archive of synthetic films: <c>films/</c> to scan, <c>labels.csv</c> and <c>masks/</c> beside it.</summary>
/// <remarks>Every film is a function of seed and number; threads only decide who works on which.</remarks>
public static class PhantomArchive
{
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
        if (Directory.Exists(options.OutFolder) && Directory.EnumerateFileSystemEntries(options.OutFolder).Any())
            throw new ArgumentException($"{options.OutFolder} is not empty.", nameof(options));

        Directory.CreateDirectory(Path.Combine(options.OutFolder, "films"));
        if (options.Masks) Directory.CreateDirectory(Path.Combine(options.OutFolder, "masks"));
        var plan = Roster.Plan(options);
        var rows = new string[plan.Count + options.Broken];
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = stop,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        Parallel.For(0, rows.Length, parallel, number =>
        {
            rows[number] = number < plan.Count ? WriteFilm(options, plan[number], number) : WriteBroken(options, plan, number);
            progress?.Report(Interlocked.Increment(ref done));
        });

        // Last: whoever finds labels.csv finds a whole archive.
        var labels = new StringBuilder("file,label,side,patient,study_date,design,material,set,reason,mask\n");
        foreach (var row in rows) labels.Append(row).Append('\n');
        var partial = Path.Combine(options.OutFolder, "labels.csv.partial");
        File.WriteAllText(partial, labels.ToString());
        File.Move(partial, Path.Combine(options.OutFolder, "labels.csv"));
    }

    private static string WriteFilm(PhantomOptions options, RosterFilm planned, int number)
    {
        var film = Phantom.Render(planned.Seed, planned.Design, planned.Subject, options.LongSidePixels);
        using (var file = Create(options, planned.Path)) DxWriter.WriteTo(file, film, planned.Header, planned.Syntax);
        var mask = "";
        if (options.Masks)
        {
            mask = $"masks/{number:000000}.png";
            File.WriteAllBytes(Path.Combine(options.OutFolder, mask), PngWriter.Grey(film.Mask, film.Columns, film.Rows));
        }

        return Row(options, planned, film.Label, film.Design.Name(), film.Metal, "", mask);
    }

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
            DxWriter.Write(Phantom.Render(draw.Next(), Design.None, model.Subject, size), header, syntax, uid, rows);
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
        return Row(options, model with { Path = path }, "broken", "", Metal.None, reason.InRow(), "");
    }

    private static FileStream Create(PhantomOptions options, string path)
    {
        var full = Path.Combine(options.OutFolder, "films", path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return new(full, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    private static string Row(PhantomOptions options, RosterFilm planned, string label, string design, Metal metal, string reason, string mask)
    {
        string material = metal switch { Metal.Titanium => "titanium", Metal.Steel => "steel", Metal.CobaltChrome => "cobalt_chrome", _ => "" };
        var set = options.Set == PhantomSet.Test ? "test" : "training";
        var date = planned.Header.Taken.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"films/{planned.Path},{label},{planned.Subject.Side},{planned.Header.PatientNumber},{date},{design},{material},{set},{reason},{mask}";
    }
}
