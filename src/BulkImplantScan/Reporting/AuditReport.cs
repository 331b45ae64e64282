using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BulkImplantScan.Auditing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>An audit as files: a page, Markdown and JSON of the same figures.</summary>
public static class AuditReport
{
    /// <summary>Names of the files.</summary>
    public const string HtmlName = "audit.html", MarkdownName = "audit.md", JsonName = "audit.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes the three files, each in one step; those of an older audit there are replaced. The same result gives the same bytes.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static void Write(AuditResult result, string folder)
    {
        folder = Path.GetFullPath(folder);
        if (File.Exists(folder)) throw new RunFolderException($"{folder} is a file. Name a folder for the audit.");
        AtomicFile.Guard(folder, () => Directory.CreateDirectory(folder));
        var blocks = AuditText.Write(result);
        var footer = $"BulkImplantScan {result.ProductVersion}; model {result.Model}, SHA-256 {result.ModelSha256}{(result.TruthSha256 is { } truth ? $"; labels, SHA-256 {truth}" : "")}.";
        AtomicFile.Write(Path.Combine(folder, HtmlName), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationHtml.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, MarkdownName), stream => stream.Write(Encoding.UTF8.GetBytes(EvaluationMarkdown.Write(blocks, footer))));
        AtomicFile.Write(Path.Combine(folder, JsonName), stream =>
        {
            JsonSerializer.Serialize(stream, result, Json);
            stream.Write("\n"u8);
        });
    }

    /// <summary>GREEN, AMBER, RED, or not run.</summary>
    public static string Word(AuditState state) => state == AuditState.NotRun ? "not run" : state.ToString().ToUpperInvariant();
}
