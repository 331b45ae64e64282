namespace BulkImplantScan.Inference;

/// <summary>Films that thresholds were chosen on, by their label and by what a scan would say of them.</summary>
/// <param name="Truths">Labels that there were films of.</param>
/// <param name="Answers">Ids of the classes that answer, then reasons to abstain as rows have them.</param>
/// <param name="Films">[truth][answer].</param>
public sealed record AnswerCounts(string[] Truths, string[] Answers, int[][] Films)
{
    internal string? Fault() =>
        Truths is null || Answers is null || Films is null || Films.Length != Truths.Length || Films.Any(row => row is null || row.Length != Answers.Length || row.Any(n => n < 0))
        || Truths.Concat(Answers).Any(text => text is null or { Length: 0 or > 64 })
            ? "\"answers\" must be one row of counts per label, one count per answer" : null;
}
