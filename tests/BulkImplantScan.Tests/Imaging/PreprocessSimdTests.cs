using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

public class PreprocessSimdTests
{
    [Fact]
    public void A_film_of_real_size_agrees_with_the_reference()
    {
        using var film = Films.Noise(SampleKind.U16, 2500, 2048, seed: 1, bits: 12);
        var input = new InputGeometry(1, 224, 224, [0f], [1f]);
        var transform = GrayscaleTransform.Linear(100, 3000, inverted: true);
        var target = new float[input.FilmLength];

        PreprocessSimd.Run(film, transform, input, target, new());

        var expected = PreprocessReference.Run(film, transform, input);
        Assert.True(expected.Zip(target, (e, a) => Math.Abs(e - a)).Max() < 1e-5);
    }
}
