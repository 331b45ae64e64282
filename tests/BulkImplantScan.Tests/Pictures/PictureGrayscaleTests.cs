using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;

namespace BulkImplantScan.Tests.Pictures;

public sealed class PictureGrayscaleTests : IDisposable
{
    private readonly PixelBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Up_to_8_bits_are_shown_as_they_were_exported(int bits)
    {
        using var pixels = Grey(SampleKind.U8, bits, 0, 1);
        var shown = PictureGrayscale.Compile(pixels, isInverted: false);
        Assert.Equal("full-range", shown.Voi);
        for (var value = 0; value < 1 << bits; value++) Assert.Equal(value / (float)((1 << bits) - 1), shown.Transform.Apply(value), 1e-6f);
        Assert.Equal(1, PictureGrayscale.Compile(pixels, isInverted: true).Transform.Apply(0));
    }

    [Fact]
    public void Sixteen_bits_are_shown_by_the_films_own_values_whatever_part_of_them_it_uses()
    {
        var values = Enumerable.Range(0, 1000).Select(i => (ushort)(3 * i)).ToArray(); // 12 bits in the lower part of 16
        using var pixels = Grey(SampleKind.U16, 16, values);
        var shown = PictureGrayscale.Compile(pixels, isInverted: false);
        Assert.Equal("percentile", shown.Voi);
        Assert.Equal((0f, 1f), (shown.Transform.Apply(27), shown.Transform.Apply(2970)));
        Assert.Equal(0.5f, shown.Transform.Apply(1498), 0.01f);
        var inverted = PictureGrayscale.Compile(pixels, isInverted: true);
        foreach (var value in values) Assert.Equal(1 - shown.Transform.Apply(value), inverted.Transform.Apply(value), 1e-6f);
    }

    [Fact]
    public void Luminance_is_that_of_bt_601_to_the_nearest_step()
    {
        var random = new Random(1);
        foreach (var (kind, bits) in ((SampleKind, int)[])[(SampleKind.U8, 8), (SampleKind.U16, 16)])
        {
            var colour = new StoredPixels(_pool.Rent(12_000), kind, 20, 30, 3, bits);
            random.NextBytes(colour.Bytes);
            colour.Bytes[..(3 * colour.BytesPerSample)].Fill(0xFF);
            int At(StoredPixels pixels, int i) => pixels.BytesPerSample == 1 ? pixels.Bytes[i] : pixels.Samples<ushort>()[i];
            var expected = Enumerable.Range(0, 600).Select(i => 0.299 * At(colour, 3 * i) + 0.587 * At(colour, 3 * i + 1) + 0.114 * At(colour, 3 * i + 2)).ToArray();
            using var grey = PictureColour.Luminance(colour, _pool);
            Assert.Equal(((1 << bits) - 1), At(grey, 0));
            for (var i = 0; i < 600; i++) Assert.Equal(expected[i], At(grey, i), bits == 8 ? 0.51 : 1.0); // weights have 16 bits
        }
    }

    private StoredPixels Grey(SampleKind kind, int bits, params ushort[] values)
    {
        var pixels = new StoredPixels(_pool.Rent(2 * values.Length), kind, 1, values.Length, 1, bits);
        for (var i = 0; i < values.Length; i++)
        {
            if (pixels.BytesPerSample == 1) pixels.Bytes[i] = (byte)values[i];
            else pixels.Samples<ushort>()[i] = values[i];
        }

        return pixels;
    }
}
