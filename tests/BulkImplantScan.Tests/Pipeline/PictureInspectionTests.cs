using BulkImplantScan.Imaging;
using BulkImplantScan.Pipeline;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Pictures;

namespace BulkImplantScan.Tests.Pipeline;

/// <summary><c>inspect</c> says of a picture what <c>scan</c> would.</summary>
public sealed class PictureInspectionTests : IDisposable
{
    private readonly Results.TemporaryFolder _folder = new();

    [Fact]
    public void A_blank_picture_is_implausible()
    {
        var film = Of(TestPng.Grey16(64, 64, new ushort[64 * 64]));
        Assert.Equal(("failed", Reason.ImplausiblePixels.InRow(), "constant"), (film.Status, film.Reason, film.Detail));
        Assert.Equal((0L, 0L, 64), (film.Min, film.Max, film.Sha256!.Length)); // what was stored is there all the same
    }

    [Fact]
    public void What_was_done_to_a_picture_is_in_its_notes()
    {
        // Red to blue, half transparent.
        var rows = new byte[32 * (1 + 4 * 32)];
        for (var y = 0; y < 32; y++)
            for (var x = 0; x < 32; x++)
                ((byte[])[(byte)(8 * x), (byte)(4 * y), (byte)(255 - 8 * x), 128]).CopyTo(rows, y * 129 + 1 + 4 * x);
        var film = Of(TestPng.Write(32, 32, 8, 6, rows));
        Assert.Equal("decoded", film.Status);
        Assert.Equal([DecodeNote.Alpha, DecodeNote.Luminance], film.Notes!);
        Assert.Null(Of(TestPng.Grey16(16, 16, [.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 200))])).Notes);
    }

    public void Dispose() => _folder.Dispose();

    private FilmInspection Of(byte[] picture)
    {
        File.WriteAllBytes(_folder["picture"], picture);
        return FilmInspection.Of(_folder["picture"], new InputGeometry(1, 32, 32, [0], [1]), null);
    }
}
