using System.Text.Json;
using BulkImplantScan.Assessment;
using BulkImplantScan.Reporting;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Assessment;
using BulkImplantScan.Tests.Registry;

namespace BulkImplantScan.Tests.Reporting;

public sealed class EvaluationReportTests : IDisposable
{
    private readonly LabelledRuns _runs = new();

    [Fact]
    public void It_is_a_page_that_loads_nothing_markdown_and_json_of_a_schema()
    {
        var folder = Write();
        Assert.Equal(["evaluation.html", "evaluation.json", "evaluation.md"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        var html = File.ReadAllText(Path.Combine(folder, EvaluationReport.HtmlName));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        foreach (var loaded in (string[])["<script", "src=", "href=", "url(", "http:", "https:"]) Assert.DoesNotContain(loaded, html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3, html.Split("<svg ").Length - 1);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, EvaluationReport.JsonName)));
        Assert.Equal(("bulk-implant-scan/evaluation", 1), (json.RootElement.GetProperty("schema").GetString(), json.RootElement.GetProperty("version").GetInt32()));
        Assert.Equal("film", json.RootElement.GetProperty("levels")[0].GetProperty("level").GetString());
    }

    [Fact]
    public void No_path_no_patient_and_no_markup_of_the_labels_is_in_any_file()
    {
        var folder = Write();
        foreach (var file in Directory.GetFiles(folder))
        {
            var text = File.ReadAllText(file);
            foreach (var secret in (string[])["films/", "MILLER", "/archive", "<b>", "quokka"]) Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void The_study_stands_beside_it_with_its_decimals_and_its_gaps()
    {
        var folder = Write();
        foreach (var name in (string[])[EvaluationReport.HtmlName, EvaluationReport.MarkdownName])
        {
            var text = File.ReadAllText(Path.Combine(folder, name));
            foreach (var words in (string[])["98.5%", "1.000, 1.000, 0.980, 1.000, 0.999, 1.000", "not reported in the abstract", "1,721 (1,012)"]) Assert.Contains(words, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Checklists_say_to_be_stated_wherever_nothing_was_checked()
    {
        var result = Result();
        Assert.Equal(["STARD-AI", "CLAIM", "TRIPOD+AI"], result.Checklists.Select(list => list.Name));
        foreach (var list in result.Checklists)
            Assert.True(list.Items.Count(item => item.Verified is null) > list.Items.Count / 2, "most of a guideline is for people");
        var open = result.Checklists.Sum(list => list.Items.Count(item => item.Verified is null));
        Assert.Equal(open, File.ReadAllText(Path.Combine(Write(), EvaluationReport.MarkdownName)).Split("| to be stated |").Length - 1);
    }

    [Fact]
    public void The_same_result_gives_the_same_bytes()
    {
        var (one, other) = (Write("one"), Write("other"));
        foreach (var file in Directory.GetFiles(one)) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file))));
    }

    [Fact]
    public void Figures_are_never_rounded_to_all_or_nothing()
    {
        Assert.Equal(("98.5 %", "> 99.9 %", "100.0 %", "< 0.1 %", "0.0 %", "–"), (P(338 / 343.0), P(0.9999), P(1), P(0.0001), P(0), P(null)));
        Assert.Equal(("0.980", "> 0.999", "1.000"), (EvaluationReport.Three(0.98), EvaluationReport.Three(0.99999), EvaluationReport.Three(1)));

        static string P(double? share) => EvaluationReport.Percent(share);
    }

    [Fact]
    public void An_evaluation_of_nothing_but_failures_can_be_written()
    {
        var result = RunEvaluation.Of(_runs.Run(SmallRun.Row(0, FilmStatus.Failed)), _runs.Labels("file,label", "films/0,a"), LabelledRuns.Quick with { ComparePaper = true });
        EvaluationReport.Write(result, _runs["empty"]);
        Assert.DoesNotContain("NaN", File.ReadAllText(Path.Combine(_runs["empty"], EvaluationReport.HtmlName)), StringComparison.Ordinal);
    }

    public void Dispose() => _runs.Dispose();

    private EvaluationResult Result()
    {
        FilmRow[] rows = [.. Enumerable.Range(0, 30).Select(i => LabelledRuns.Film(i, i % 4 == 0 ? [0.2f, 0.7f, 0.06f, 0.04f] : [0.8f, 0.1f, 0.06f, 0.04f], $"quokka{i / 2}", set: ["a"]))];
        return RunEvaluation.Of(
            _runs.Run(rows),
            _runs.Labels("file,label,patient,design", [.. rows.Select((_, i) => $"films/{i},{(i > 27 ? "unknown" : i % 3 == 0 ? "b" : "a")},MILLER{i / 2},{(i == 28 ? "<b>x</b>" : i == 29 ? "plate" : "")}")]),
            LabelledRuns.Quick with { ComparePaper = true });
    }

    private string Write(string name = "out")
    {
        EvaluationReport.Write(Result(), _runs[name]);
        return _runs[name];
    }
}
