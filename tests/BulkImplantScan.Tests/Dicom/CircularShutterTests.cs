using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Tests.Imaging;

namespace BulkImplantScan.Tests.Dicom;

public sealed class CircularShutterTests
{
    [Theory]
    [InlineData(40)] // reaches every side of the film
    [InlineData(48)] // and beyond
    public void A_circle_that_just_fits_the_film_crops_nothing_and_its_corners_still_do_not_choose_the_brightness(int radius)
    {
        const int side = 80;
        var bytes = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.ShutterShape, "CS", "CIRCULAR")
            .Text(DicomTags.CenterOfCircularShutter, "IS", "41\\41").Text(DicomTags.RadiusOfCircularShutter, "IS", $"{radius}")
            .ImagePixel(side, side, 16, 12).Words(DicomBytes.PixelData, "OW", new ushort[side * side]).ToArray();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(bytes, true, dataset).Status);
        using var film = Films.Of(SampleKind.U16, side, side, (y, x) => (y - 40) * (y - 40) + (x - 40) * (x - 40) <= radius * radius ? 500 + y : 4000, bitsStored: 12);
        var gray = GrayFilm.AsStored(bytes, dataset, film);
        var found = FieldDecision.Find(bytes, dataset, gray, FieldOfViewMode.Header);
        Assert.Equal(FieldOfView.Whole(film), found.Crop);
        Assert.Null(found.Cut);
        Assert.Empty(found.Notes);
        for (var y = found.Windowing.Top; y < found.Windowing.Top + found.Windowing.Rows; y++)
            for (var x = found.Windowing.Left; x < found.Windowing.Left + found.Windowing.Columns; x++)
                Assert.True((y - 40) * (y - 40) + (x - 40) * (x - 40) <= radius * radius);
        Assert.True(found.Windowing.Rows > side / 2);
        Assert.Equal(0.5f, GrayscalePipeline.Compile(bytes, dataset, 1, gray, found.Windowing).Transform.Apply(540), 0.05f);
    }
}
