using BulkImplantScan.Assessment;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Registry;

namespace BulkImplantScan.Tests.Assessment;

public sealed class LabelledRunTests : IDisposable
{
    private static readonly float[] A = [0.9f, 0.05f, 0.03f, 0.02f], B = [0.1f, 0.8f, 0.06f, 0.04f], None = [0.1f, 0.1f, 0.7f, 0.1f];

    private readonly LabelledRuns _runs = new();

    [Fact]
    public void Every_labelled_film_is_somewhere()
    {
        var run = _runs.RunOf(
            [
                LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, B, "p1"), LabelledRuns.Film(2, None, "p2"),
                SmallRun.Row(3, FilmStatus.Failed, patient: "p2"), SmallRun.Row(4, FilmStatus.Rejected, patient: null),
                LabelledRuns.Film(5, A, null), LabelledRuns.Film(6, A, "p3"),
            ]);
        var flow = Join(run, "file,label", "films/0,a", "films/1,a", "films/2,none", "films/3,b", "films/4,broken", "films/5,unknown", "films/99,a").Flow;
        Assert.Equal((7, 1, 6), (flow.Lines, flow.NotInRun, flow.Films));
        Assert.Equal((0, 0, 1, 1), (flow.NotScanned, flow.Copies, flow.Broken, flow.BrokenRefused));
        Assert.Equal((4, 1, 3, 1, 1L), (flow.Known, flow.Unknown, flow.Patients, flow.WithoutPatient, flow.Unlabelled));
        Assert.Equal(flow.Films, flow.NotScanned + flow.Copies + flow.Broken + flow.Known + flow.Unknown);
    }

    [Fact]
    public void A_copy_counts_once_and_one_that_is_labelled_otherwise_is_told()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1", instance: "i"), LabelledRuns.Film(1, A, "p1", instance: "i"), LabelledRuns.Film(2, A, "p2", instance: "j"), LabelledRuns.Film(3, A, "p2", instance: "j"));
        var joined = Join(run, "file,label", "films/0,a", "films/1,a", "films/2,a", "films/3,b");
        Assert.Equal((2, 1, 2), (joined.Flow.Copies, joined.Flow.ContradictingCopies, joined.Films.Count));

        // Only the copy is labelled: the row of the copy stands for it.
        Assert.Single(Join(run, "file,label", "films/1,a").Films);
    }

    [Fact]
    public void The_labels_patient_wins_over_the_headers()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"), LabelledRuns.Film(1, A, "p2"), LabelledRuns.Film(2, A, "p2"));
        var films = Join(run, "file,label,patient", "films/0,a,Miller", "films/1,a,Miller", "films/2,a,").Films;
        Assert.Equal(films[0].Patient, films[1].Patient);
        Assert.NotEqual(films[0].Patient, films[2].Patient);
    }

    [Fact]
    public void Paths_may_start_from_a_folder_that_is_named()
    {
        // The run's archive is /archive.
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"));
        var labels = _runs.Labels("file,label", "archive/films/0,a");
        Assert.Throws<TruthException>(() => LabelledRun.Join(run, TruthFile.Read(labels)));
        Assert.Single(LabelledRun.Join(run, TruthFile.Read(labels), "/").Films);
    }

    [Fact]
    public void A_frame_may_have_a_label_of_its_own()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"));
        Assert.Equal(1, Join(run, "file,label,frame", "films/0,b,", "films/0,a,1").Films.Single().Truth is 0 ? 1 : 0);
        Assert.Throws<TruthException>(() => Join(run, "file,label,frame", "films/0,b,2"));
    }

    [Theory]
    [InlineData("file,labels", "x,a", "no column \"label\"")]
    [InlineData("file,label", "../x,a", "line 2: \"file\"")]
    [InlineData("file,label", "/x,a", "line 2: \"file\"")]
    [InlineData("file,label", "x,", "line 2: \"label\"")]
    [InlineData("file,label,side", "x,a,up", "line 2: \"side\"")]
    [InlineData("file,label,frame", "x,a,0", "line 2: \"frame\"")]
    [InlineData("file,label", "films/0,c", "line 2: \"c\" is no class of the model test-model (a, b, none, unknown)")]
    [InlineData("file,label", "films/77,a", "no line names a film")]
    [InlineData("file,label", "films/0,a,b", "3 fields")]
    public void What_is_wrong_with_a_truth_is_said_with_its_line(string header, string line, string words)
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"));
        Assert.Contains(words, Assert.Throws<TruthException>(() => Join(run, header, line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_listed_twice_and_an_empty_truth_are_refused()
    {
        var run = _runs.Run(LabelledRuns.Film(0, A, "p1"));
        Assert.Contains("line 3: the file is listed twice", Assert.Throws<TruthException>(() => Join(run, "file,label", "films/0,a", "./films/0,b")).Message, StringComparison.Ordinal);
        Assert.Contains("lists no film", Assert.Throws<TruthException>(() => Join(run, "file,label")).Message, StringComparison.Ordinal);
        Assert.Contains("is not there", Assert.Throws<TruthException>(() => TruthFile.Read(_runs["nowhere.csv"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _runs.Dispose();

    private LabelledRun Join(string run, string header, params string[] lines) => LabelledRun.Join(run, TruthFile.Read(_runs.Labels(header, lines)));
}
