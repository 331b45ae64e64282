using BulkImplantScan.Assessment;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Registry;

namespace BulkImplantScan.Tests.Assessment;

/// <summary>A pelvis has a label a hip.</summary>
public sealed class LabelledHipsTests : IDisposable
{
    private static readonly float[] A = [0.9f, 0.05f, 0.03f, 0.02f], B = [0.1f, 0.8f, 0.06f, 0.04f], None = [0.1f, 0.1f, 0.7f, 0.1f];

    private readonly LabelledRuns _runs = new();

    [Fact]
    public void Each_hip_meets_the_label_of_its_side()
    {
        var run = _runs.Run([.. Pelvis(0, left: A, right: None), LabelledRuns.Film(1, B, "p2", side: "R")]);
        var joined = Join(run, "file,label,side", "films/0,none,R", "films/0,a,L", "films/1,b,R");
        Assert.Equal([("L", 0, 0), ("R", 2, 2), ("R", 1, 1)], joined.Films.Select(film => (film.Side, film.Truth, film.Top)));
        Assert.Equal([true, true, false], joined.Films.Select(film => film.IsHipOfPelvis));
        Assert.Equal((3, 3, 0, 0L), (joined.Flow.Films, joined.Flow.Known, joined.Flow.Together, joined.Flow.Unlabelled));
        Assert.Equal(["hip of a pelvis", "hip of a pelvis", "whole film"], joined.Films.Select(film => film.Facts.Single(fact => fact.Name == "region").Value));
    }

    [Fact]
    public void Where_the_run_judged_the_film_as_a_whole_both_hips_are_left_out_and_counted()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1", side: "B"), LabelledRuns.Film(1, B, "p2"), SmallRun.Row(2, FilmStatus.Failed));
        var flow = Join(run, "file,label,side", "films/0,a,L", "films/0,none,R", "films/1,b,L", "films/2,a,L", "films/2,b,R").Flow;

        // A film that could not be read is lost for both hips.
        Assert.Equal((5, 2, 3), (flow.Films, flow.Together, flow.Known));
        AssertAdds(flow);
    }

    [Fact]
    public void A_label_of_one_side_is_of_that_hip_and_one_of_none_of_neither()
    {
        var run = _runs.Run([.. Pelvis(0, left: A, right: B), .. Pelvis(1, left: A, right: B)]);
        var joined = Join(run, "file,label,side", "films/0,b,R", "films/1,a,");
        Assert.Equal("R", Assert.Single(joined.Films).Side);
        Assert.Equal((2, 1, 1, 1L), (joined.Flow.Films, joined.Flow.Known, joined.Flow.WithoutHip, joined.Flow.Unlabelled));
        AssertAdds(joined.Flow);
    }

    [Fact]
    public void Copies_and_broken_pelves_count_by_their_labels()
    {
        var copies = _runs.Run([.. Pelvis(0, A, None, instance: "i"), .. Pelvis(1, A, None, instance: "i"), SmallRun.Row(2, FilmStatus.Failed)]);
        var flow = Join(copies, "file,label,side", "films/0,a,L", "films/0,none,R", "films/1,a,L", "films/1,b,R", "films/2,broken,L", "films/2,broken,R").Flow;
        Assert.Equal((6, 2, 1, 2, 2, 2), (flow.Films, flow.Copies, flow.ContradictingCopies, flow.Broken, flow.BrokenRefused, flow.Known));
        AssertAdds(flow);
    }

    [Fact]
    public void Only_the_two_sides_of_a_file_may_have_two_lines()
    {
        foreach (var lines in new string[][] { ["x,a,L", "x,b,L"], ["x,a,L", "x,b,"], ["x,a,B", "x,b,R"], ["x,a,L", "x,b,R", "x,a,L"] })
            Assert.Contains("listed twice", Assert.Throws<TruthException>(() => TruthFile.Read(_runs.Labels("file,label,side", lines))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_run_of_whole_films_the_gain_is_told_hip_by_hip()
    {
        var hips = _runs.Run([.. Pelvis(0, A, None), .. Pelvis(1, B, A), LabelledRuns.Film(2, A, "p2")]);
        var whole = _runs.Run(LabelledRuns.Film(0, A, "p1", side: "B"), LabelledRuns.Film(1, A, "p1", side: "B"), LabelledRuns.Film(2, A, "p2"));
        var labels = _runs.Labels("file,label,side", "films/0,a,L", "films/0,none,R", "films/1,b,L", "films/1,b,R", "films/2,a,L");
        var gain = RunEvaluation.Of(hips, labels, LabelledRuns.Quick with { CompareRun = whole }).Comparison!.Regions!;
        Assert.Equal((4, 0.75, 0.25, 2, 0), (gain.N, gain.Top1, gain.WholeTop1, gain.OnlyHips, gain.OnlyWhole));
        Assert.Equal(0.5, gain.McnemarP, 1e-12); // both of two, two-sided
        Assert.Null(RunEvaluation.Of(hips, labels, LabelledRuns.Quick with { CompareRun = hips }).Comparison!.Regions);
    }

    public void Dispose() => _runs.Dispose();

    private static void AssertAdds(FilmFlow flow) =>
        Assert.Equal(flow.Films, flow.NotScanned + flow.Together + flow.WithoutHip + flow.Copies + flow.Broken + flow.Known + flow.Unknown);

    private static FilmRow[] Pelvis(int index, float[] left, float[] right, string? instance = null) =>
    [
        LabelledRuns.Film(index, left, "p1", side: "B", instance: instance) with { Region = "left" },
        LabelledRuns.Film(index, right, "p1", side: "B", instance: instance) with { Region = "right" },
    ];

    private LabelledRun Join(string run, string header, params string[] lines) => LabelledRun.Join(run, TruthFile.Read(_runs.Labels(header, lines)));
}
