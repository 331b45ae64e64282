using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>Figures as three files of one name: a page, Markdown and JSON; those of an earlier time are replaced.</summary>
internal static class FigureFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes them, each in one step.</summary>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <param name="name">Of the files, without an end; what the figures are of.</param>
    /// <param name="blocks">For the page and the Markdown.</param>
    /// <param name="footer">Below both.</param>
    /// <param name="result">For the JSON.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static void Write<T>(string folder, string name, IReadOnlyList<EvaluationBlock> blocks, string footer, T result)
    {
        folder = Path.GetFullPath(folder);
        if (File.Exists(folder)) throw new RunFolderException($"{folder} is a file. Name a folder for the {name}.");
        AtomicFile.Guard(folder, () => Directory.CreateDirectory(folder));
        AtomicFile.Write(Path.Combine(folder, $"{name}.html"), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationHtml.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, $"{name}.md"), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationMarkdown.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, $"{name}.json"), stream =>
        {
            JsonSerializer.Serialize(stream, result, Json);
            stream.Write("\n"u8);
        });
    }
}
