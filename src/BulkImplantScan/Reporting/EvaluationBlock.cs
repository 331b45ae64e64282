using BulkImplantScan.Assessment;

namespace BulkImplantScan.Reporting;

/// <summary>A piece of the evaluation's text, in plain text: HTML and Markdown are written from the same pieces.</summary>
internal abstract record EvaluationBlock
{
    /// <summary>A heading; the first is the title.</summary>
    public sealed record Heading(string Text) : EvaluationBlock;

    /// <summary>A paragraph.</summary>
    public sealed record Paragraph(string Text) : EvaluationBlock;

    /// <summary>A paragraph that must not be passed over.</summary>
    public sealed record Warning(string Text) : EvaluationBlock;

    /// <summary>A table; cells of the columns from <paramref name="NumbersFrom"/> on are numbers.</summary>
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Lines, int NumbersFrom = 1) : EvaluationBlock;

    /// <summary>A confusion matrix.</summary>
    public sealed record Matrix(string Caption, Confusion Confusion) : EvaluationBlock;

    /// <summary>Pictures side by side; Markdown leaves them out.</summary>
    public sealed record Plots(IReadOnlyList<LinePlot> Drawn) : EvaluationBlock;
}
