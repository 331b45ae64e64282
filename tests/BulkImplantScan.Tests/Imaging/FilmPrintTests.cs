using BulkImplantScan.Auditing;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms;

namespace BulkImplantScan.Tests.Imaging;

public sealed class FilmPrintTests
{
    private const int Hips = 24;

    /// <summary>Oracle/print_hash.py, scipy and numpy.</summary>
    [Theory]
    [InlineData(1, 0xEA5CEA5CEAD4A803)]
    [InlineData(2, 0xD2F952D95207AE45)]
    [InlineData(3, 0xA5F0A50F5A0FDA0D)]
    [InlineData(4, 0xB51EB51AB51AB611)]
    [InlineData(5, 0x683F623E623E6239)]
    [InlineData(6, 0xD570D572D670D641)]
    public void The_bits_are_those_of_scipy(int k, ulong expected)
    {
        var means = new float[32 * 32];
        for (var y = 0; y < 32; y++)
            for (var x = 0; x < 32; x++) means[(y * 32) + x] = (float)(Math.Sin((0.11 * k * x) + (0.05 * k * k * y)) + (0.01 * (((7 * x) + (13 * y * k)) % 32)) + (0.002 * x * y / k));
        Assert.Equal(expected, FilmPrint.HashOf(means));
    }

    [Fact]
    public void A_copy_is_found_whatever_became_of_its_pixels_and_no_two_hips_are_one_picture()
    {
        (string Name, int Side, Func<float, int, int, float> Of)[] copies =
        [
            ("as it is", 320, (v, _, _) => v),
            ("scaled", 150, (v, _, _) => v),
            ("darker", 320, (v, _, _) => (v * 0.7f) + 0.02f),
            ("brighter", 320, (v, _, _) => MathF.Pow(v, 0.8f)),
            ("in 5 bits", 320, (v, _, _) => MathF.Round(v * 31) / 31),
            ("noisy", 320, (v, y, x) => v + (0.02f * (((y * 7919) + (x * 104729)) % 5 - 2))),
            ("written on", 320, (v, y, x) => y is > 8 and < 24 && x is > 140 and < 190 && (y + x) % 3 > 0 ? 1 : v),
        ];
        var prints = new FilmPrint[copies.Length, Hips];
        Parallel.For(0, Hips, i =>
        {
            var phantom = Phantom.Render((ulong)(7_700_000 + i), Designs.Known[i % 6], 600);
            for (var c = 0; c < copies.Length; c++) prints[c, i] = Print(phantom, copies[c].Side, copies[c].Of);
        });

        FilmPrint[] originals = [.. Enumerable.Range(0, Hips).Select(i => prints[0, i])];
        Assert.Empty(NearDuplicates.Of(originals));
        for (var c = 1; c < copies.Length; c++)
        {
            var found = NearDuplicates.Of([.. originals, .. Enumerable.Range(0, Hips).Select(i => prints[c, i])]);
            Assert.DoesNotContain(found, pair => pair.Second != pair.First + Hips);
            TestContext.Current.SendDiagnosticMessage($"{copies[c].Name}: {found.Length} of {Hips}");
            Assert.True(found.Length >= Hips - 2, $"{copies[c].Name}: {found.Length} of {Hips} found");
        }
    }

    [Fact]
    public void Films_of_one_grey_are_like_nothing()
    {
        var grey = FilmPrint.Of(new float[64 * 64], 64, new(0, 0, 64, 64));
        Assert.Equal(0, grey.Correlation(grey));
        Assert.False(grey.IsOfSamePicture(grey));
    }

    private static FilmPrint Print(PhantomFilm phantom, int side, Func<float, int, int, float> of)
    {
        using var film = Films.Of(SampleKind.U16, phantom.Rows, phantom.Columns, (y, x) => phantom.Stored[(y * phantom.Columns) + x], phantom.BitsStored);
        var input = new InputGeometry(1, side, side, [0], [1]);
        var plane = new float[input.FilmLength];
        var box = PreprocessSimd.Run(film, phantom.Transform, input, plane, new PreprocessScratch());
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++) plane[(y * side) + x] = of(plane[(y * side) + x], y, x);
        return FilmPrint.Of(plane, side, box);
    }
}
