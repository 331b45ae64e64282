using BulkImplantScan.Auditing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>An audit as files: a page, Markdown and JSON of the same figures.</summary>
public static class AuditReport
{
    /// <summary>Names of the files.</summary>
    public const string HtmlName = "audit.html", MarkdownName = "audit.md", JsonName = "audit.json";

    /// <summary>Writes the three files, each in one step; those of an older audit there are replaced. The same result gives the same bytes.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static void Write(AuditResult result, string folder)
    {
        var footer = $"BulkImplantScan {result.ProductVersion}; model {result.Model}, SHA-256 {result.ModelSha256}{(result.TruthSha256 is { } truth ? $"; labels, SHA-256 {truth}" : "")}.";
        FigureFiles.Write(folder, "audit", AuditText.Write(result), footer, result);
    }

    /// <summary>GREEN, AMBER, RED, or not run.</summary>
    public static string Word(AuditState state) => state == AuditState.NotRun ? "not run" : state.ToString().ToUpperInvariant();
}
