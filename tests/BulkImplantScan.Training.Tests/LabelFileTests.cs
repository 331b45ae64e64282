namespace BulkImplantScan.Training.Tests;

public sealed class LabelFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Columns_are_found_by_name_whatever_their_order_and_quotes_are_undone()
    {
        File.WriteAllText(_path, "label,note,File,patient\nD1,\"a, \"\"b\"\"\",films/a b.dcm,P1\n\nnone,,\"films/c,d.dcm\",\n");
        Assert.Equal(
            [new("films/a b.dcm", "D1", "P1"), new LabelledFilm("films/c,d.dcm", "none", "films/c,d.dcm")],
            LabelFile.Read(_path));
    }

    [Theory]
    [InlineData("", "has no column \"file\"")]
    [InlineData("file,lable\n", "has no column \"label\"")]
    [InlineData("file,label\na.dcm\n", "line 2: 1 fields, but 2 columns")]
    [InlineData("file,label\n\"a.dcm,D1\n", "line 2: a quote is not closed")]
    [InlineData("file,label\n../../etc/passwd,D1\n", "is not a path below")]
    [InlineData("file,label\n/etc/passwd,D1\n", "is not a path below")]
    [InlineData("file,label\na\\..\\..\\b,D1\n", "is not a path below")]
    [InlineData("file,label\na.dcm,\n", "has no label")]
    [InlineData("file,label,side\na.dcm,D1,L\na.dcm,none,R\n", "\"a.dcm\" is there twice")]
    public void What_is_wrong_is_said_with_its_line(string text, string says)
    {
        File.WriteAllText(_path, text);
        Assert.Contains(says, Assert.Throws<TrainingException>(() => LabelFile.Read(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        File.WriteAllText(_path, "file,label\n" + new string('a', 10_000) + ",D1\n");
        Assert.Contains("longer than", Assert.Throws<TrainingException>(() => LabelFile.Read(_path)).Message, StringComparison.Ordinal);
    }
}
