using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>Reads a CSV file with a header, row after row: columns are found by name, others are ignored.</summary>
/// <remarks>RFC 4180: double quotes around a field that needs them, a quote in it doubled, line ends in quotes. Comma, semicolon
/// (what Excel writes in half of Europe) or tab, whichever the header has most of. UTF-8, or UTF-16 with its mark.</remarks>
public static class CsvFile
{
    /// <summary>Most rows of a file.</summary>
    public const int MaximumRows = 2_000_000;

    private const int MaximumRowCharacters = 8192;
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>The rows; empty lines are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="optional">Columns that read as empty when they are not; they follow the required ones in a row.</param>
    /// <exception cref="CsvException">No such file or column, a row of another length, a limit, or text that is not UTF-8.</exception>
    public static IEnumerable<CsvRow> Rows(string path, IReadOnlyList<string> required, IReadOnlyList<string> optional)
    {
        using var reader = Open(path);
        var place = new Place(path);
        var names = ReadFields(reader, place, separator: null) ?? [];
        var separator = place.Separator;
        foreach (var name in required)
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) throw new CsvException($"{path} has no column \"{name}\"; its first line must name its columns.");
        var columns = required.Concat(optional).Select(name => names.FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
        for (var count = 0; ; count++)
        {
            var line = place.Line;
            if (ReadFields(reader, place, separator) is not { } fields) yield break;
            if (fields is [""]) continue;
            if (count >= MaximumRows) throw new CsvException($"{path} has more than {MaximumRows} rows.");
            if (fields.Count != names.Count) throw new CsvException($"{path}, line {line}: {fields.Count} fields, but {names.Count} columns.");
            yield return new(line, Array.ConvertAll(columns, column => column < 0 ? "" : fields[column]));
        }
    }

    private static StreamReader Open(string path)
    {
        if (!File.Exists(path)) throw new CsvException($"{path} is not there.");
        try
        {
            return new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CsvException($"{path} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>One row; null at the end of the file.</summary>
    private static List<string>? ReadFields(StreamReader reader, Place place, char? separator)
    {
        var (first, row) = (place.Line, new StringBuilder());
        var isQuoted = false;
        while (true)
        {
            var next = Read(reader, place);
            if (next < 0 && row.Length == 0) return null;
            if (next < 0 || next == '\n' && !isQuoted) break;
            if (next == '"') isQuoted = !isQuoted;
            row.Append((char)next);
            if (row.Length > MaximumRowCharacters) throw new CsvException($"{place.Path}, line {first} is longer than {MaximumRowCharacters} characters.");
        }

        if (isQuoted) throw new CsvException($"{place.Path}, line {first}: a quote is not closed.");
        var text = row.ToString().TrimEnd('\r');
        place.Separator = separator ?? Separators.MaxBy(mark => text.Count(character => character == mark));
        return Split(text, place.Separator);
    }

    private static int Read(StreamReader reader, Place place)
    {
        try
        {
            var next = reader.Read();
            if (next == '\n') place.Line++;
            return next;
        }
        catch (DecoderFallbackException e)
        {
            throw new CsvException($"{place.Path} is not UTF-8 (near line {place.Line}). Save it as \"CSV UTF-8\".", e);
        }
        catch (IOException e)
        {
            throw new CsvException($"{place.Path} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private static List<string> Split(string text, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] == separator && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(text[i]);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }

    private sealed class Place(string path)
    {
        public string Path { get; } = path;

        public int Line { get; set; } = 1;

        public char Separator { get; set; }
    }
}
