using BulkImplantScan.Assessment;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Registry;
using CsCheck;

namespace BulkImplantScan.Tests.Assessment;

public sealed class LocalisationTests : IDisposable
{
    private const int Rows = 120;
    private const int Columns = 80;

    private static readonly float[] A = [0.9f, 0.05f, 0.03f, 0.02f];

    private readonly LabelledRuns _runs = new();

    [Fact]
    public void Map_and_mask_are_compared_pixel_by_pixel_of_the_film() =>
        Gen.Select(Gen.Int[0, 255].Array[35], Gen.Int[0, 1000], Gen.Bool, Gen.Bool).Where(drawn => drawn.Item1.Max() > 0).Sample((cells, seed, isField, hasBorder) =>
        {
            var random = new Random(seed);
            var field = hasBorder ? new FieldOfView(11, 7, 90, 61) : new(0, 0, Rows, Columns);
            var mask = Mask((y, x) => random.Next(4) == 0 && y > 20);
            var shown = isField ? field : new(0, 0, Rows, Columns);
            var (input, box) = (new RunInput(140, 100, isField), Letterbox.Fit(shown.Rows, shown.Columns, 140, 100));
            var found = Of(Film([.. cells.Select(c => (byte)c)], 7, 5, 0.5f, 0.5f, hasBorder ? field : null), mask, input)[0];

            // A grid of points, 10 a pixel along each axis: which cell, and is it device?
            double on = 0, sum = 0, share = 0;
            for (var cellY = 0; cellY < 7; cellY++)
                for (var cellX = 0; cellX < 5; cellX++)
                {
                    sum += cells[(cellY * 5) + cellX];
                    const int points = 100;
                    for (var i = 0; i < points; i++)
                        for (var j = 0; j < points; j++)
                        {
                            double y = (cellY + (i + 0.5) / points) * 20, x = (cellX + (j + 0.5) / points) * 20;
                            var row = (int)Math.Floor(shown.Top + (y - box.Top) * shown.Rows / box.Height);
                            var column = (int)Math.Floor(shown.Left + (x - box.Left) * shown.Columns / box.Width);
                            if (row >= 0 && row < Rows && column >= 0 && column < Columns && mask[(row * Columns) + column] != 0) on += cells[(cellY * 5) + cellX] / (double)(points * points);
                        }
                }

            for (var y = shown.Top; y < shown.Top + shown.Rows; y++)
                for (var x = shown.Left; x < shown.Left + shown.Columns; x++) share += mask[(y * Columns) + x] != 0 ? 1.0 / (shown.Rows * shown.Columns) : 0;
            Assert.Equal(on / sum, found.Energy!.Value, 0.01);
            Assert.Equal(share, found.MaskShare!.Value, 1e-9);
        }, iter: 15, threads: 1); // the runs are in one folder

    [Fact]
    public void The_peak_is_on_the_device_or_near_it_or_neither()
    {
        // Device in rows 30 to 39; within 3 % of 120 pixels is within 3.6.
        var mask = Mask((y, _) => y is >= 30 and < 40);
        foreach (var (row, isOn, isNear) in ((int, bool, bool)[])[(30, true, true), (39, true, true), (42, false, true), (43, false, false), (27, false, true), (0, false, false), (119, false, false)])
        {
            var found = Of(Film([1], 1, 1, (row + 0.5f) / Rows, 0.99f, null), mask, null)[0];
            Assert.Equal((isOn ? 1.0 : 0, isNear ? 1.0 : 0), (found.Peak.Value, found.PeakNear.Value));
            Assert.Equal((0, null), (found.EnergyN, found.Energy)); // a run that does not say what its network is given
        }
    }

    [Fact]
    public void A_map_that_says_nothing_has_as_much_on_the_device_as_the_film_has_device()
    {
        var found = Of(Film([.. Enumerable.Repeat((byte)255, 12)], 4, 3, 0.5f, 0.5f, null), Mask((y, x) => y < 17 && x < 60), new(Rows, Columns, true))[0];
        Assert.Equal(17.0 * 60 / (Rows * Columns), found.Energy!.Value, 1e-9);
        Assert.Equal(found.MaskShare!.Value, found.Energy.Value, 1e-9);
    }

    [Fact]
    public void Films_without_device_mask_or_map_are_not_among_them_and_pixels_that_are_not_square_have_no_energy()
    {
        var film = Film([255], 1, 1, 0.5f, 0.5f, null);
        var mask = Write(Mask((_, _) => true));
        var run = _runs.RunOf(
        [
            film, Numbered(film, 1) with { Notes = ["aspect"] }, Numbered(film, 2), Numbered(film, 3), Numbered(film, 4) with { Cam = [], CamHeight = 0, CamWidth = 0, CamPeakX = null, CamPeakY = null },
        ], model: SmallRun.Model with { Input = new(64, 64, true) });
        var labels = _runs.Labels("file,label,mask", $"films/0,a,{mask}", $"films/1,b,{mask}", "films/2,a,", $"films/3,none,{mask}", $"films/4,a,{mask}");
        var found = RunEvaluation.Of(run, labels, LabelledRuns.Quick).Localisation;
        Assert.Equal([(null, 2, 1), ("a", 1, 1), ("b", 1, 0)], found.Select(l => (l.Id, l.N, l.EnergyN)));
    }

    [Theory]
    [InlineData("missing.png", "cannot be read")]
    [InlineData("text.png", "no PNG")]
    [InlineData("small.png", "not as large as its film")]
    [InlineData("cut.png", "cannot be decoded")]
    [InlineData("../mask.png", "no path below")]
    [InlineData("/mask.png", "no path below")]
    public void A_mask_that_is_none_of_its_film_is_told_with_its_line_and_no_path(string mask, string fault)
    {
        File.WriteAllText(_runs["text.png"], "mask");
        File.WriteAllBytes(_runs["small.png"], PngWriter.Grey(new byte[20], 5, 4));
        File.WriteAllBytes(_runs["cut.png"], PngWriter.Grey(Mask((y, x) => x > y), Columns, Rows)[..60]);
        var run = _runs.Run(Film([255], 1, 1, 0.5f, 0.5f, null));
        var labels = _runs.Labels("file,label,mask", $"films/0,a,{mask}");
        var message = Assert.Throws<TruthException>(() => RunEvaluation.Of(run, labels, LabelledRuns.Quick)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains("line 2", message, StringComparison.Ordinal);
        Assert.DoesNotContain(mask.Split('/')[^1], message, StringComparison.Ordinal);
    }

    public void Dispose() => _runs.Dispose();

    private IReadOnlyList<LocalisationFigures> Of(FilmRow film, byte[] mask, RunInput? input) => RunEvaluation.Of(
        _runs.RunOf([film], model: SmallRun.Model with { Input = input }), _runs.Labels("file,label,mask", $"films/0,a,{Write(mask)}"), LabelledRuns.Quick).Localisation;

    private string Write(byte[] mask)
    {
        var name = $"mask{Guid.NewGuid():N}.png";
        File.WriteAllBytes(_runs[name], PngWriter.Grey(mask, Columns, Rows));
        return name;
    }

    private static byte[] Mask(Func<int, int, bool> isDevice) => [.. Enumerable.Range(0, Rows * Columns).Select(i => isDevice(i / Columns, i % Columns) ? (byte)170 : (byte)0)];

    private static FilmRow Numbered(FilmRow film, int index) => film with { FilmIndex = index, FilmKey = index.ToString("x32", null), Facts = film.Facts with { Instance = $"instance {index}" } };

    private static FilmRow Film(byte[] cam, int height, int width, float peakY, float peakX, FieldOfView? field)
    {
        var film = LabelledRuns.Film(0, A, "p1");
        return film with
        {
            Facts = film.Facts with { Rows = Rows, Columns = Columns }, Cam = cam, CamHeight = height, CamWidth = width, CamPeak = 1, CamPeakY = peakY, CamPeakX = peakX, CamEmpty = false,
            FieldTop = field?.Top, FieldLeft = field?.Left, FieldHeight = field?.Rows, FieldWidth = field?.Columns,
        };
    }
}
