using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Inference;

/// <summary>That it shows a film as a scan does, the tests of training, evaluation and audit say.</summary>
public sealed class FilmReaderTests
{
    [Fact]
    public void What_cannot_be_read_has_a_reason_and_what_has_no_end_is_not_begun()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["empty"], []);
        File.WriteAllText(folder["text"], "no film");
        Assert.Equal(Reason.UnreadableFile, Read(folder["missing"]));
        Assert.Equal(Reason.UnreadableFile, Read(folder[""]));
        Assert.Equal(Reason.EmptyFile, Read(folder["empty"]));
        Assert.Equal(Reason.NotDicom, Read(folder["text"]));
        if (File.Exists("/dev/zero")) Assert.Equal(Reason.EmptyFile, Read("/dev/zero"));
    }

    private static Reason Read(string path)
    {
        using var pool = new PixelBufferPool(1);
        var input = new InputGeometry(1, 32, 32, [0], [1]);
        return new FilmReader(input, pool).Read(path, new float[input.FilmLength], out _);
    }
}
