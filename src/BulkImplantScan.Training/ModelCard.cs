using System.Globalization;
using System.Text;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>Writes MODEL_CARD.md: what the model is, what it was trained on, and how it does, good or bad.</summary>
internal static class ModelCard
{
    /// <param name="package">With its temperature and thresholds.</param>
    /// <param name="weights">Number of weights.</param>
    /// <param name="provenance">How it came about, one paragraph.</param>
    /// <param name="validation">On the films that thresholds were chosen on: optimistic.</param>
    /// <param name="test">On other films; null when none were given.</param>
    /// <param name="testFilms">What those are.</param>
    public static string Write(
        ModelPackage package, long weights, string provenance, Scorecard validation, Scorecard? test, string testFilms)
    {
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"# {package.Name}").AppendLine();
        card.AppendLine(
            "A network that names the fixation device on a hip radiograph. **Not a medical device.** Where it was trained on synthetic films, "
            + "it has never seen a human film, and its figures say nothing about human films.").AppendLine();
        card.AppendLine(
            CultureInfo.InvariantCulture,
            $"* Network: small residual network, {weights:N0} weights, input {package.Input.Channels} × {package.Input.Height} × {package.Input.Width}");
        card.AppendLine(CultureInfo.InvariantCulture, $"* Training: {provenance}");
        card.AppendLine(
            CultureInfo.InvariantCulture,
            $"* Temperature {package.Temperature:F3}; abstains below probability {package.Thresholds.MinimumProbability:F3} or above energy {package.Thresholds.MaximumEnergy:F3}{(package.Thresholds.Features is { } features ? $" or feature distance {features.Maximum:F3}" : "")}");
        card.AppendLine(CultureInfo.InvariantCulture, $"* Thresholds were chosen on: {package.Thresholds.Data}").AppendLine();
        card.AppendLine("| class | manufacturer | model |").AppendLine("|---|---|---|");
        foreach (var device in package.Classes)
            card.AppendLine(CultureInfo.InvariantCulture, $"| {device.Id} | {device.Manufacturer ?? "–"} | {device.Model ?? device.Label} |");

        if (test is null)
        {
            card.AppendLine().AppendLine("## Not tested").AppendLine();
            card.AppendLine("No test films were given. The figures below are of the films that thresholds were chosen on, so they are optimistic.");
        }
        else
        {
            Section(card, package, test, $"## Test: {testFilms}");
        }

        Section(card, package, validation, "## Validation (thresholds were chosen on these films: optimistic)");
        if (package.Thresholds.Answers is { } counts)
        {
            card.AppendLine().AppendLine("What a scan would say of the validation films:").AppendLine();
            card.AppendLine($"| truth \\ answer | {string.Join(" | ", counts.Answers.Select(answer => answer.Replace('_', ' ')))} |");
            card.Append("|---|").AppendLine(string.Concat(Enumerable.Repeat("---|", counts.Answers.Length)));
            for (var t = 0; t < counts.Truths.Length; t++) card.AppendLine($"| **{counts.Truths[t]}** | {string.Join(" | ", counts.Films[t])} |");
        }

        card.AppendLine().AppendLine("## Limits").AppendLine();
        card.AppendLine("* It names only the classes above. Other hardware should make it abstain; how often it does not is in the table.");
        card.AppendLine("* An interval here is of films; films of one patient resemble each other.");
        card.AppendLine("* It reads neither lot nor size.");
        return card.ToString().ReplaceLineEndings("\n");
    }

    private static void Section(StringBuilder card, ModelPackage package, Scorecard score, string title)
    {
        card.AppendLine().AppendLine(title).AppendLine();
        card.AppendLine("| what | films | share | 95 % interval (Wilson) |").AppendLine("|---|---|---|---|");
        Line(card, "top-1 right, thresholds ignored", score.Right, score.Known);
        Line(card, "answered (not abstained)", score.Answered, score.Known);
        Line(card, "right among the answered", score.AnsweredRight, score.Answered);
        Line(card, "truth in the conformal set", score.InConformalSet, score.Known);
        Line(card, "unknown hardware called a device of the catalogue (wrong)", score.UnknownIdentified, score.Unknown);
        Line(card, "unknown hardware called no implant (wrong)", score.UnknownNone, score.Unknown);
        if (score.Known > 0)
            card.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Conformal sets have {(double)score.ConformalSize / score.Known:F2} classes on average.");

        card.AppendLine().Append("| truth \\ answer |");
        foreach (var device in package.Classes) card.Append(CultureInfo.InvariantCulture, $" {device.Id} |");
        card.AppendLine(" sensitivity |").Append("|---|");
        for (var c = 0; c <= package.Classes.Count; c++) card.Append("---|");
        card.AppendLine();
        for (var truth = 0; truth < package.Classes.Count; truth++)
        {
            if (!package.Classes[truth].Answers) continue;
            card.Append(CultureInfo.InvariantCulture, $"| **{package.Classes[truth].Id}** |");
            for (var answer = 0; answer < package.Classes.Count; answer++)
                card.Append(CultureInfo.InvariantCulture, $" {score.Confusion[truth, answer]} |");
            var sensitivity = score.Confusion.Of(truth).Sensitivity;
            card.AppendLine(double.IsNaN(sensitivity) ? " – |" : string.Create(CultureInfo.InvariantCulture, $" {sensitivity:P1} |"));
        }
    }

    private static void Line(StringBuilder card, string what, long count, long of)
    {
        if (of == 0) return;
        var (low, high) = Wilson.Of(count, of);
        card.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {count} of {of} | {(double)count / of:P1} | {low:P1} – {high:P1} |");
    }
}
