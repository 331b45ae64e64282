using BulkImplantScan.Archive;

namespace BulkImplantScan.Training;

/// <summary>Reads CSV files with a header: the columns <c>file</c>, <c>label</c> and, where there are, <c>patient</c> and <c>mask</c>; others are ignored.</summary>
/// <remarks>As <see cref="CsvFile"/> reads it.</remarks>
internal static class LabelFile
{
    /// <summary>The films of a label file in its order.</summary>
    /// <exception cref="TrainingException">No such file, no such columns, a path that leads out of the films' folder, or a film that is there twice.</exception>
    public static IReadOnlyList<LabelledFilm> Read(string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. Rows(path, ["file", "label"], ["patient", "mask"]).Select(row =>
        {
            var file = Below(row[0], path);
            if (row[1].Length is 0 or > 64) throw new TrainingException($"{path}: {file} has no label, or one above 64 characters.");
            if (!seen.Add(file)) throw new TrainingException($"{path}: \"{file}\" is there twice. A film has one label here: leave out pelves, whose hips have one each.");
            return new LabelledFilm(file, row[1], row[2].Length > 0 ? row[2] : file, row[3].Length > 0 ? Below(row[3], path) : null);
        })];
    }

    private static string Below(string field, string labels)
    {
        var file = field.Replace('\\', '/');
        return file.Length > 0 && !Path.IsPathRooted(file) && !file.Split('/').Contains("..")
            ? file
            : throw new TrainingException($"{labels}: \"{file}\" is not a path below the films' folder.");
    }

    /// <summary>Rows as the named columns, in that order; an optional column that is missing reads as empty.</summary>
    /// <exception cref="TrainingException">As <see cref="Read"/>.</exception>
    public static IReadOnlyList<string[]> Rows(string path, string[] required, string[] optional)
    {
        try
        {
            return [.. CsvFile.Rows(path, required, optional).Select(row => row.Fields)];
        }
        catch (CsvException e)
        {
            throw new TrainingException(e.Message);
        }
    }
}
