using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class SidecarTests : IDisposable
{
    private static readonly SiteKey Key = new(new byte[SiteKey.Bytes]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_column_becomes_a_fact_and_identifiers_become_the_pseudonyms_of_dicom()
    {
        var sidecar = Read("file,patient,study_date,side,study,site,sex,age,modality,body_part,view\na/b.png,4711,2019-03-14,l,1.2.3,General Hospital,f,082Y,dx,Hip,ap\n");
        var pseudonyms = new Pseudonyms(Key);
        Assert.Equal(new FilmFacts
        {
            Patient = pseudonyms.Patient(null, "4711"),
            Study = pseudonyms.Study("1.2.3"),
            Site = pseudonyms.Site("General Hospital"),
            StudyDate = new(2019, 3, 14),
            Side = "L",
            Sex = "F",
            AgeBand = "80-89",
            Modality = "DX",
            BodyPart = "HIP",
            View = "AP",
        }, sidecar.Find("a/b.png"u8)!.Facts);
        Assert.Null(sidecar.Find("a/B.png"u8));
    }

    [Theory]
    [InlineData("\uFEFFfile;patient;study_date\r\nfilms\\ü.png;\"7\";14.03.2019\r\n")]
    [InlineData("study_date,note,FILE,patient\n20190314,\"said \"\"left\"\", then\nright\",./films/ü.png,7\n\n")]
    [InlineData("file\tpatient\tstudy_date\nfilms/ü.png\t 7 \t2019-03-14")]
    public void Excel_and_other_writers_are_understood(string text)
    {
        var line = Assert.Single(Read(text).Lines);
        Assert.Equal(("films/ü.png", new DateOnly(2019, 3, 14), new Pseudonyms(Key).Patient(null, "7")), (line.Path, line.Facts.StudyDate, line.Facts.Patient));
    }

    [Theory]
    [InlineData("path,patient\na.png,SECRET\n", "has no column \"file\"")]
    [InlineData("file,patient\na.png,SECRET\na.png,SECRET\n", "line 3: the file is listed twice")]
    [InlineData("file,patient\na.png,SECRET\n./a.png,SECRET\n", "line 3: the file is listed twice")]
    [InlineData("file,patient\n../SECRET,1\n", "line 2: \"file\" is no path below")]
    [InlineData("file,patient\n/SECRET,1\n", "line 2: \"file\" is no path below")]
    [InlineData("file,patient\na//SECRET,1\n", "line 2: \"file\" is no path below")]
    [InlineData("file,study_date\na.png,03/14/SECRET\n", "line 2: \"study_date\" is no date")]
    [InlineData("file,study_date\na.png,0204-03-14\n", "line 2: \"study_date\" is no date")]
    [InlineData("file,side\na.png,SECRET\n", "line 2: \"side\" is none of")]
    [InlineData("file,sex\na.png,SECRET\n", "line 2: \"sex\" is none of")]
    [InlineData("file,age\na.png,SECRET\n", "line 2: \"age\" is no number")]
    [InlineData("file,patient\na.png,SECRET,1\n", "line 2: 3 fields, but 2 columns")]
    [InlineData("file,patient\n\"a.png,SECRET\nb.png,2\n", "line 2: a quote is not closed")]
    public void What_is_wrong_is_said_with_its_line_and_without_what_stands_there(string text, string says)
    {
        var message = Assert.Throws<ArchiveException>(() => Read(text)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_and_a_line_without_end_are_refused()
    {
        File.WriteAllBytes(_folder["latin.csv"], [.. "file,patient\n"u8, 0xFC, .. ".png,1\n"u8]);
        Assert.Contains("CSV UTF-8", Assert.Throws<ArchiveException>(() => Sidecar.Read(_folder["latin.csv"], Key)).Message, StringComparison.Ordinal);
        Assert.Contains("longer than", Assert.Throws<ArchiveException>(() => Read("file\n" + new string('a', 10_000))).Message, StringComparison.Ordinal);
        Assert.Throws<ArchiveException>(() => Sidecar.Read(_folder["absent.csv"], Key));
    }

    private Sidecar Read(string text)
    {
        File.WriteAllText(_folder["sidecar.csv"], text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return Sidecar.Read(_folder["sidecar.csv"], Key);
    }
}
