using System.Globalization;
using BulkImplantScan.Auditing;
using static BulkImplantScan.Reporting.EvaluationBlock;

namespace BulkImplantScan.Reporting;

/// <summary>An audit as a reader meets it, in plain text.</summary>
internal static class AuditText
{
    private const string Dash = "–";

    /// <summary>The pieces in the order in which they are read.</summary>
    public static IReadOnlyList<EvaluationBlock> Write(AuditResult result)
    {
        List<EvaluationBlock> blocks =
        [
            new Heading($"Audit of {result.Model}: {AuditReport.Word(result.State)}{result.InPart}"),
            new Warning("Research software, not a medical device. The films of this audit are synthetic: nothing is claimed about real ones. Green means that this shortcut was looked for and not found, not that there is none."),
            new Paragraph(Text($"{result.Pairs:N0} pairs a factor, each of a patient of its own; phantoms of edition {result.Edition}, {(result.LongSide is { } pixels ? $"{pixels} pixels" : "full size")}, seed {result.Seed}. The same command gives the same figures.")),
            new Table(["", "test", "asks", "outcome"], [.. result.Tests.Select(test => (string[])[Text($"{test.Number}"), test.Name, test.Question, AuditReport.Word(test.State) + Because(test)])], 4),
            new Paragraph("Green: the upper one-sided 95 % bound is within the limit. Red: the lower bound is beyond it. Amber: neither is shown, so more films are needed, or the model is near the limit. Behind a figure stands its two-sided 95 % interval (Wilson; of means, by the normal law)."),
        ];
        foreach (var test in result.Tests.Where(test => test.Lines.Count > 0))
        {
            blocks.Add(new Heading($"{test.Number}. {test.Name}: {AuditReport.Word(test.State)}"));
            var isArea = test.Number == 7;
            blocks.Add(new Table(["", "figure", "n", "value [95 %]", "limit", "outcome", "besides"],
            [
                .. test.Lines.Select(line => (string[])
                [
                    line.Of, line.Measure, Text($"{line.N:N0}"), Interval(line, isArea), Figure(line.Limit, isArea), line.State is { } state ? AuditReport.Word(state) : "told, not judged", line.Note,
                ]),
            ], 2));
            var pairs = test.Lines.Where(line => line.Pairs is not null).ToArray();
            if (pairs.Length > 0)
            {
                blocks.Add(new Table(["pairs", "answers that change", "their upper one-sided bound", "mean |Δp|", "right before", "right after", "only before", "only after", "McNemar p"],
                    [.. pairs.Select(line => Cells(line.Of, line.Pairs!))]));
            }

            if (test.NotRun.Length > 0) blocks.Add(new Paragraph($"Not run: {test.NotRun}."));
        }

        blocks.Add(new Heading("What this audit does not say"));
        blocks.Add(new Paragraph("Whether the model uses a shortcut that no test here changes: another hospital's habits, clothing, the order of events. Phantoms vary what their makers thought of. Whether it is right: evaluate says that, of labelled films."));
        return blocks;
    }

    private static string Because(AuditTest test) => test.NotRun.Length == 0 ? "" : test.State == AuditState.NotRun ? $": {test.NotRun}" : $"; in part: {test.NotRun}";

    private static string[] Cells(string of, PairFigures pairs) =>
    [
        of, Text($"{pairs.Flips:N0}"), Figure(pairs.UpperFlips, isArea: false), Text($"{pairs.MeanChange:F4}"), Text($"{pairs.RightBefore:N0}"), Text($"{pairs.RightAfter:N0}"),
        Text($"{pairs.OnlyBefore:N0}"), Text($"{pairs.OnlyAfter:N0}"), pairs.McNemarP < 0.001 ? "< 0.001" : Text($"{pairs.McNemarP:F3}"),
    ];

    private static string Interval(AuditLine line, bool isArea) => line.Value is null ? Dash
        : line.Lo is null || line.Hi is null ? Figure(line.Value, isArea) : $"{Figure(line.Value, isArea)} [{Figure(line.Lo, isArea)} to {Figure(line.Hi, isArea)}]";

    private static string Figure(double? value, bool isArea) => value is not { } figure ? Dash : isArea ? Text($"{figure:F3}") : Text($"{100 * figure:F2} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
