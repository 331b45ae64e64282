using System.Text;

namespace BulkImplantScan.Training;

/// <summary>Reads CSV files with a header: the columns <c>file</c>, <c>label</c> and, where there is one, <c>patient</c>; others are ignored.</summary>
/// <remarks>RFC 4180: comma, double quotes around a field that needs them, a quote in it doubled. No line breaks in fields.</remarks>
internal static class LabelFile
{
    /// <summary>Most lines of a label file.</summary>
    public const int MaximumLines = 2_000_000;

    private const int MaximumLine = 8192;

    /// <summary>The films of a label file in its order.</summary>
    /// <exception cref="TrainingException">No such file, no such columns, or a path that leads out of the films' folder.</exception>
    public static IReadOnlyList<LabelledFilm> Read(string path) =>
    [
        .. Rows(path, ["file", "label"], ["patient"]).Select(row =>
        {
            var file = row[0].Replace('\\', '/');
            if (file.Length == 0 || Path.IsPathRooted(file) || file.Split('/').Contains(".."))
                throw new TrainingException($"{path}: \"{file}\" is not a path below the films' folder.");
            if (row[1].Length is 0 or > 64) throw new TrainingException($"{path}: {file} has no label, or one above 64 characters.");
            return new LabelledFilm(file, row[1], row[2].Length > 0 ? row[2] : file);
        }),
    ];

    /// <summary>Rows as the named columns, in that order; an optional column that is missing reads as empty.</summary>
    /// <exception cref="TrainingException">As <see cref="Read"/>.</exception>
    public static IEnumerable<string[]> Rows(string path, string[] required, string[] optional)
    {
        if (!File.Exists(path)) throw new TrainingException($"{path} is not there.");
        using var reader = new StreamReader(path, Encoding.UTF8);
        var header = Split(path, 1, reader.ReadLine() ?? "");
        var missing = required.Except(header, StringComparer.OrdinalIgnoreCase).ToArray();
        if (missing.Length > 0) throw new TrainingException($"{path} has no column \"{missing[0]}\"; its first line must name its columns.");
        var columns = required.Concat(optional).Select(name => header.FindIndex(h => h.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (line > MaximumLines) throw new TrainingException($"{path} has more than {MaximumLines} lines.");
            if (text.Length == 0) continue;
            var fields = Split(path, line, text);
            if (fields.Count != header.Count) throw new TrainingException($"{path}, line {line}: {fields.Count} fields, but {header.Count} columns.");
            yield return Array.ConvertAll(columns, column => column < 0 ? "" : fields[column].Trim());
        }
    }

    private static List<string> Split(string path, int line, string text)
    {
        if (text.Length > MaximumLine) throw new TrainingException($"{path}, line {line} is longer than {MaximumLine} characters.");
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(text[i]);
            }
        }

        if (quoted) throw new TrainingException($"{path}, line {line}: a quote is not closed.");
        fields.Add(field.ToString());
        return fields;
    }
}
