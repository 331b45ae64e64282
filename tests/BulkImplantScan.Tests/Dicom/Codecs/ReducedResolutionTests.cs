using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom.Codecs;

public sealed class ReducedResolutionTests
{
    [Fact]
    public void As_many_levels_are_left_out_as_leave_the_film_twice_as_large_as_its_letterbox_on_both_axes() =>
        Gen.Select(Gen.Int[1, 6000], Gen.Int[1, 6000], Gen.Int[16, 1024], Gen.Int[0, 8]).Sample(
            (rows, columns, networkSide, levels) =>
            {
                var codestream = new Jpeg2000Codestream(0, 1, 0, 0, rows, columns, 1, 12, levels);
                var discarded = ReducedResolution.Levels(codestream, 2 * networkSide);
                var box = Letterbox.Fit(rows, columns, networkSide, networkSide);

                // Twice the letterbox, whose sides were rounded to whole pixels; with one level more, less than that on one axis.
                var (height, width) = Sides(discarded);
                Assert.InRange(discarded, 0, levels);
                Assert.True(discarded == 0 || (height >= 2 * box.Height - 1 && width >= 2 * box.Width - 1));
                var (less, narrower) = Sides(discarded + 1);
                Assert.True(discarded == levels || less < 2 * box.Height + 1 || narrower < 2 * box.Width + 1);

                (double, double) Sides(int level)
                {
                    var step = Math.Pow(2, level);
                    return (Math.Ceiling(rows / step), Math.Ceiling(columns / step));
                }
            });

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 64)]
    public void Nothing_is_left_out_of_an_image_that_does_not_begin_where_its_grid_does(int top, int left) =>
        Assert.Equal(0, ReducedResolution.Levels(new(0, 1, left, top, 2500, 2048, 1, 12, 5), 640));

    [Theory]
    [InlineData(2140, 1760, 320, 1)]
    [InlineData(2140, 1760, 224, 2)]
    [InlineData(2500, 2048, 224, 2)]
    [InlineData(2560, 2048, 320, 2)]
    [InlineData(2559, 2048, 320, 2)] // 640 rows: rounded up
    [InlineData(2556, 2048, 320, 1)]
    [InlineData(3000, 1000, 320, 2)] // the letterbox has 107 columns: 250 are enough
    [InlineData(640, 640, 320, 0)]
    [InlineData(100, 100, 320, 0)]
    public void Films_of_usual_sizes_lose_so_many_levels(int rows, int columns, int networkSide, int levels) =>
        Assert.Equal(levels, ReducedResolution.Levels(new(0, 1, 0, 0, rows, columns, 1, 12, 5), 2 * networkSide));

    [Theory]
    [InlineData(NativeCodecMode.InProcess)]
    [InlineData(NativeCodecMode.Isolated)]
    public void Reduced_pixels_are_those_of_OpenJPEGs_own_tool(NativeCodecMode mode)
    {
        NativeLibraries.Require("openjpeg");
        using var codecs = new NativeCodecs(new() { Mode = mode });
        var cases = OracleFile.Read("native-cases.csv.gz").Where(line => line[0].StartsWith("reduced ", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, cases.Count);
        foreach (var line in cases)
        {
            var side = int.Parse(line[0].Split(' ')[1], CultureInfo.InvariantCulture);
            var film = DicomFiles.Decode(Convert.FromBase64String(line[2]), new() { LeastSide = side, NativeCodecs = codecs });
            Assert.True(film.Reason == Reason.None && film.Sha256 == line[1], $"{line[0]}: {film}");
        }
    }

    [Fact]
    public void HTJ2K_films_are_reduced_too_in_all_their_components()
    {
        var file = File.ReadAllBytes(SharedFolder.Require("data", "dicom", "htj2k_lossless_rgb.dcm"));
        NativeLibraries.Require("openjpeg");
        var dataset = new DicomDataset();
        DicomReader.Parse(file, isWholeFile: true, dataset);
        using var exact = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, new()).Pixels!;
        var outcome = FrameDecoder.Decode(file, dataset, 1, new() { LeastSide = 320 }, new());
        using var reduced = outcome.Pixels!;
        Assert.Equal((1, 240, 320, 3), (reduced.Reduction.Levels, reduced.Rows, reduced.Columns, reduced.SamplesPerPixel));

        // The low band of the reversible transform is no mean, but near one: each component keeps its level.
        for (var sample = 0; sample < 3; sample++) Assert.Equal(Mean(exact, sample), Mean(reduced, sample), 1.0);
    }

    private static double Mean(StoredPixels pixels, int sample)
    {
        var sum = 0.0;
        for (var i = sample; i < pixels.SampleCount; i += 3) sum += pixels.Bytes[i];
        return sum / (pixels.SampleCount / 3.0);
    }
}
