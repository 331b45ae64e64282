using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

/// <summary>A hip that is shown mirrored is the mirror image of itself, to the bit, on every path.</summary>
public class MirroredViewTests
{
    private static readonly InputGeometry Input = new(3, 24, 19, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    public static TheoryData<Preprocessor> Preprocessors => [.. Enum.GetValues<Preprocessor>()];

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void The_input_of_a_mirrored_view_is_the_mirror_image_of_the_input(Preprocessor preprocessor)
    {
        var table = GrayscaleTransform.FromTable(0, [.. Enumerable.Range(0, 4096).Select(i => (float)Math.Sin(i / 2700.0))]);
        foreach (var kind in new[] { SampleKind.U8, SampleKind.U16, SampleKind.S16 })
            foreach (var transform in new[] { GrayscaleTransform.Linear(3, 200, inverted: true), GrayscaleTransform.Linear(0.5f, 3000.25f, inverted: false), table })
                foreach (var field in new FieldOfView[] { new(0, 0, 61, 83), new(5, 11, 50, 20), new(0, 40, 12, 43), new(60, 82, 1, 1) })
                {
                    using var film = Films.Noise(kind, 61, 83, seed: field.Rows);
                    var plain = Preprocess.Run(preprocessor, film, transform, Input, view: new(field, PixelAspect.Square));
                    var mirrored = Preprocess.Run(preprocessor, film, transform, Input, view: new(field, PixelAspect.Square, IsMirrored: true));
                    Assert.Equal(plain, NetworkView.Mirrored(mirrored, Input));
                }
    }

    [Theory]
    [MemberData(nameof(Preprocessors))]
    public void A_mirrored_view_agrees_with_the_reference(Preprocessor preprocessor)
    {
        using var film = Films.Noise(SampleKind.U16, 90, 70, seed: 4);
        var view = new FilmView(new(7, 20, 71, 41), new(3, 2), IsMirrored: true);
        var transform = GrayscaleTransform.Linear(100, 50000, inverted: false);
        var expected = PreprocessReference.Run(film, transform, Input, view);
        var actual = Preprocess.Run(preprocessor, film, transform, Input, view: view);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 / 0.224);
    }

    [Fact]
    public void The_box_of_a_mirrored_view_is_where_the_mirror_image_lies()
    {
        var view = new FilmView(new(0, 0, 100, 50), PixelAspect.Square, IsMirrored: true);
        Assert.Equal(new Letterbox(0, 4, 24, 12), (view with { IsMirrored = false }).FitInto(24, 21));
        Assert.Equal(new Letterbox(0, 5, 24, 12), view.FitInto(24, 21));
    }
}
