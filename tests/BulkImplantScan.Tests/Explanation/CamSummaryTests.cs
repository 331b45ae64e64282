using BulkImplantScan.Explanation;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Explanation;

public class CamSummaryTests
{
    private static readonly InputGeometry Input = new(1, 40, 40, [0f], [1f]);
    private static readonly FeatureMapShape Shape = new(8, 4, 4);

    /// <summary>A tall film: columns 15 to 24 of 40; the second and third column of cells (10 wide) lie half on it.</summary>
    private static readonly Letterbox Tall = new(0, 15, 40, 10);

    [Fact]
    public void The_peak_is_in_the_films_own_coordinates()
    {
        var cam = new float[16];
        cam[2 * 4 + 1] = 3f;
        cam[0] = 1f;
        var summary = CamSummary.Of(cam, Shape, new Letterbox(0, 0, 40, 40), Input);
        Assert.Equal((3f, 0.375f, 0.625f), (summary.Peak, summary.PeakX, summary.PeakY));
        Assert.Equal((255, 85, 0), (summary.Map8[9], summary.Map8[0], summary.Map8[5]));
        Assert.Equal(1f, summary.MassInFilm);
        Assert.True(summary is { IsEmpty: false, IsFinite: true });
    }

    [Fact]
    public void Cells_cut_by_the_edge_of_the_film_count_in_part()
    {
        var cam = new float[16];
        cam[1] = 2f; // columns 10 to 19: half on the film
        cam[7] = 2f; // columns 30 to 39: beside it
        Assert.Equal(0.25f, CamSummary.Of(cam, Shape, Tall, Input).MassInFilm);
    }

    [Fact]
    public void A_peak_beside_the_film_is_put_on_its_edge()
    {
        var cam = new float[16];
        cam[7] = 1f;
        var summary = CamSummary.Of(cam, Shape, Tall, Input);
        Assert.Equal((1f, 0.375f, 0f), (summary.PeakX, summary.PeakY, summary.MassInFilm));
    }

    [Fact]
    public void Of_two_equal_peaks_the_first_counts()
    {
        var cam = new float[16];
        cam[5] = cam[10] = 1f;
        Assert.Equal(0.375f, CamSummary.Of(cam, Shape, new Letterbox(0, 0, 40, 40), Input).PeakX);
    }

    [Fact]
    public void An_empty_map_says_so()
    {
        var summary = CamSummary.Of(new float[16], Shape, Tall, Input);
        Assert.True(summary is { IsEmpty: true, IsFinite: true, Peak: 0f });
        Assert.True(float.IsNaN(summary.MassInFilm) && float.IsNaN(summary.PeakX) && float.IsNaN(summary.PeakY));
        Assert.All(summary.Map8, level => Assert.Equal(0, level));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_map_that_is_not_finite_says_so(float value)
    {
        var cam = new float[16];
        (cam[3], cam[4]) = (1f, value);
        var summary = CamSummary.Of(cam, Shape, Tall, Input);
        Assert.True(summary is { IsEmpty: false, IsFinite: false });
        Assert.True(float.IsNaN(summary.MassInFilm) && float.IsNaN(summary.PeakX));
        Assert.All(summary.Map8, level => Assert.Equal(0, level));
    }
}
