using BulkImplantScan.Assessment;
using BulkImplantScan.Results;

namespace BulkImplantScan.Reporting;

/// <summary>An evaluation as files: a page, Markdown and JSON of the same figures.</summary>
public static class EvaluationReport
{
    /// <summary>Names of the files.</summary>
    public const string HtmlName = "evaluation.html", MarkdownName = "evaluation.md", JsonName = "evaluation.json";

    /// <summary>Writes the three files, each in one step; those of an older evaluation there are replaced. The same result gives the same bytes.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static void Write(EvaluationResult result, string folder)
    {
        var footer = $"BulkImplantScan {result.ProductVersion}; model {result.Model.Name}, SHA-256 {result.Model.Sha256}; labels, SHA-256 {result.TruthSha256}. Patients, sites and films are pseudonyms keyed at the site.";
        FigureFiles.Write(folder, "evaluation", new EvaluationText(result).Write(), footer, result);
    }

    /// <summary>98.5 %; 0.0 and 100.0 only of none and all; a dash for null.</summary>
    public static string Percent(double? share) => EvaluationText.Percent(share);

    /// <summary>0.985; 1.000 only of 1; a dash for null.</summary>
    public static string Three(double? figure) => EvaluationText.Three(figure);
}
