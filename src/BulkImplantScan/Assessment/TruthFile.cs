using System.Globalization;
using System.Security.Cryptography;
using BulkImplantScan.Archive;

namespace BulkImplantScan.Assessment;

/// <summary>Labels of films: a CSV with the columns <c>file</c> and <c>label</c>, and where they are known <c>patient</c>, <c>side</c>, <c>frame</c>,
/// <c>set</c>, <c>design</c>, <c>mask</c>.</summary>
/// <remarks>A file has one line, a pelvis one or one a hip, told apart by <c>side</c>. What <c>train</c> and <c>phantom</c> read and write. Nothing of a line goes into a message or a result but its number, its label, <c>set</c> and <c>design</c>.</remarks>
public sealed class TruthFile
{
    /// <summary>Label of hardware outside the catalogue.</summary>
    public const string Unknown = "unknown";

    /// <summary>A film that shows no hip: to be refused, as unknown hardware is.</summary>
    public const string Other = "other";

    /// <summary>Label of a film that cannot be read: no film to judge.</summary>
    public const string Broken = "broken";

    private const int MaximumLabel = 64;

    private static readonly string[] Required = ["file", "label"], Optional = ["patient", "side", "frame", "set", "design", "mask"];

    private TruthFile(string path, string sha256, IReadOnlyList<TruthLine> lines) => (FullPath, Sha256, Lines) = (path, sha256, lines);

    /// <summary>Full path.</summary>
    public string FullPath { get; }

    /// <summary>SHA-256 of the file, 64 hex digits.</summary>
    public string Sha256 { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<TruthLine> Lines { get; }

    /// <summary>Reads and checks a truth file.</summary>
    /// <exception cref="TruthException">It cannot be used.</exception>
    public static TruthFile Read(string path)
    {
        try
        {
            var seen = new Dictionary<(string, int?), string?>();
            var lines = new List<TruthLine>();
            foreach (var row in CsvFile.Rows(path, Required, Optional))
            {
                var line = Parse(row, fault => new TruthException($"{path}, line {row.Line}: {fault}"));
                if (seen.TryGetValue((line.File, line.Frame), out var side) && (side, line.Side) is not (("L", "R") or ("R", "L")))
                    throw new TruthException($"{path}, line {row.Line}: the file is listed twice. Keep one line for each file, or tell frames apart by a column \"frame\", the hips of a pelvis by a column \"side\".");
                seen[(line.File, line.Frame)] = side is null ? line.Side : "both";
                lines.Add(line);
            }

            if (lines.Count == 0) throw new TruthException($"{path} lists no film. Give it a line for each labelled film, with file and label.");
            using var file = File.OpenRead(path);
            return new(Path.GetFullPath(path), Convert.ToHexStringLower(SHA256.HashData(file)), lines);
        }
        catch (CsvException e)
        {
            throw new TruthException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TruthException($"{path} cannot be read ({e.Message.TrimEnd('.')}). Name the CSV file of the labels.", e);
        }
    }

    private static TruthLine Parse(CsvRow row, Func<string, TruthException> wrong)
    {
        var fields = row.Fields;
        if (ListedFilm.PathBelow(fields[0]) is not { } file) throw wrong("\"file\" is no path below a folder.");
        var mask = fields[7].Length == 0 ? null : ListedFilm.PathBelow(fields[7]) ?? throw wrong("\"mask\" is no path below the folder of the labels.");
        if (fields[1].Length is 0 or > MaximumLabel || fields[1].Any(char.IsControl)) throw wrong($"\"label\" is empty or longer than {MaximumLabel} characters.");
        int? frame = null;
        if (fields[4].Length > 0)
        {
            if (!int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) throw wrong("\"frame\" is no number from 1.");
            frame = number;
        }

        if (!ListedFilm.TryReadSide(fields[3], out var side)) throw wrong("\"side\" is none of L, R and B. Leave it empty where it is not known.");
        return new(row.Line, file, frame, fields[1], fields[2], side, CleanText.Of(fields[5]), CleanText.Of(fields[6]), mask);
    }
}
