using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BulkImplantScan.Assessment;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>An evaluation as files: a page, Markdown and JSON of the same figures.</summary>
public static class EvaluationReport
{
    /// <summary>Names of the files.</summary>
    public const string HtmlName = "evaluation.html", MarkdownName = "evaluation.md", JsonName = "evaluation.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Writes the three files, each in one step; those of an older evaluation there are replaced. The same result gives the same bytes.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static void Write(EvaluationResult result, string folder)
    {
        folder = Path.GetFullPath(folder);
        if (File.Exists(folder)) throw new RunFolderException($"{folder} is a file. Name a folder for the evaluation.");
        AtomicFile.Guard(folder, () => Directory.CreateDirectory(folder));
        var blocks = new EvaluationText(result).Write();
        var footer = $"BulkImplantScan {result.ProductVersion}; model {result.Model.Name}, SHA-256 {result.Model.Sha256}; labels, SHA-256 {result.TruthSha256}. Patients, sites and films are pseudonyms keyed at the site.";
        AtomicFile.Write(Path.Combine(folder, HtmlName), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationHtml.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, MarkdownName), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationMarkdown.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, JsonName), stream =>
        {
            JsonSerializer.Serialize(stream, result, Json);
            stream.Write("\n"u8);
        });
    }

    /// <summary>98.5 %; 0.0 and 100.0 only of none and all; a dash for null.</summary>
    public static string Percent(double? share) => EvaluationText.Percent(share);

    /// <summary>0.985; 1.000 only of 1; a dash for null.</summary>
    public static string Three(double? figure) => EvaluationText.Three(figure);
}
