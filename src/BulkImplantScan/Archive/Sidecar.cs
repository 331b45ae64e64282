using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>A CSV file beside exported pictures: of which patient, day and side each of them is.</summary>
/// <remarks>It is read whole before the walk, so a wrong line costs no hour of indexing; identifiers become pseudonyms at once. Its
/// columns are in docs/pictures.md.</remarks>
public sealed class Sidecar
{
    private const int MaximumPath = 4096;

    private static readonly string[] Required = ["file"];
    private static readonly string[] Optional =
        ["patient", "study_date", "side", "study", "site", "sex", "age", "modality", "body_part", "view"];

    private readonly Dictionary<string, SidecarLine> _byPath = new(StringComparer.Ordinal);
    private readonly List<SidecarLine> _lines = [];

    private Sidecar(string sha256)
    {
        Sha256 = sha256;
    }

    /// <summary>SHA-256 of the file, 64 hex digits: a run belongs to one sidecar.</summary>
    public string Sha256 { get; }

    /// <summary>Files that it lists.</summary>
    public int Count => _lines.Count;

    /// <summary>In the order of the file.</summary>
    internal IReadOnlyList<SidecarLine> Lines => _lines;

    /// <summary>Reads and checks a sidecar.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Of the pseudonyms.</param>
    /// <exception cref="ArchiveException">It cannot be used; the message says the line and what is wrong, and holds no value of it.</exception>
    public static Sidecar Read(string path, SiteKey key)
    {
        try
        {
            var pseudonyms = new Pseudonyms(key);
            string sha256;
            using (var file = File.OpenRead(path)) sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
            var sidecar = new Sidecar(sha256);
            foreach (var row in CsvFile.Rows(path, Required, Optional))
            {
                var line = Parse(row, pseudonyms, fault => new ArchiveException($"{path}, line {row.Line}: {fault}"));
                if (!sidecar._byPath.TryAdd(line.Path, line))
                    throw new ArchiveException($"{path}, line {row.Line}: the file is listed twice. Keep one line for each file.");
                sidecar._lines.Add(line);
            }

            return sidecar;
        }
        catch (CsvException e)
        {
            throw new ArchiveException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException($"{path} cannot be read ({e.Message.TrimEnd('.')}). Name the sidecar's CSV file.", e);
        }
    }

    /// <summary>The line of a file that the walk came upon, which is now known to be there; null when it is not listed.</summary>
    /// <param name="path">As in <see cref="InventoryFilm.Path"/>; names that are no UTF-8 cannot be listed.</param>
    internal SidecarLine? Find(ReadOnlySpan<byte> path)
    {
        if (!_byPath.TryGetValue(Encoding.UTF8.GetString(path), out var line)) return null;
        line.IsThere = true;
        return line;
    }

    private static SidecarLine Parse(CsvRow row, Pseudonyms pseudonyms, Func<string, ArchiveException> wrong)
    {
        var fields = row.Fields;
        if (ListedFilm.PathBelow(fields[0]) is not { Length: <= MaximumPath } file) throw wrong("\"file\" is no path below the archive's root.");

        var date = Date(fields[2]);
        if (date is null && fields[2].Length > 0) throw wrong("\"study_date\" is no date. Write 2020-02-29 (or 20200229, 29.02.2020).");
        if (!ListedFilm.TryReadSide(fields[3], out var side)) throw wrong("\"side\" is none of L, R and B. Leave it empty where it is not known.");
        var sex = fields[6].ToUpperInvariant() switch
        {
            "" => null,
            "M" or "F" or "O" => fields[6].ToUpperInvariant(),
            _ => throw wrong("\"sex\" is none of M, F and O. Leave it empty where it is not known."),
        };
        var age = FilmFactsReader.Age(fields[7], null, null);
        if (age is null && fields[7].Length > 0) throw wrong("\"age\" is no number of years from 0 to 130.");
        return new(file, new()
        {
            Patient = pseudonyms.Patient(null, fields[1]),
            StudyDate = date,
            Side = side,
            Study = pseudonyms.Study(fields[4]),
            Site = pseudonyms.Site(fields[5]),
            Sex = sex,
            AgeBand = FilmFactsReader.AgeBand(age),
            Modality = CleanText.Code(fields[8], 16),
            BodyPart = CleanText.Code(fields[9], 64),
            View = CleanText.Code(fields[10], 16),
        });
    }

    private static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "dd.MM.yyyy", "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? FilmFactsReader.Date(date.ToString("yyyyMMdd", CultureInfo.InvariantCulture))
            : FilmFactsReader.Date(text);
}
