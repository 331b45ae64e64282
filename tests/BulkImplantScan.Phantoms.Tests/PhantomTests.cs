namespace BulkImplantScan.Phantoms.Tests;

public sealed class PhantomTests
{
    public static TheoryData<Design> Hardware => [.. Enum.GetValues<Design>().Where(design => design != Design.None)];

    [Fact]
    public void Same_seed_same_pixels_and_another_seed_other_pixels()
    {
        var film = Phantom.Render(5, Design.D3, 256);
        Assert.Equal(film.Stored, Phantom.Render(5, Design.D3, 256).Stored);
        Assert.NotEqual(film.Stored, Phantom.Render(6, Design.D3, 256).Stored);
    }

    [Theory]
    [MemberData(nameof(Hardware))]
    public void Metal_is_brighter_than_what_surrounds_it(Design design)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var film = Phantom.Render(seed, design, 320);
            double inside = 0, around = 0;
            int insideCount = 0, aroundCount = 0;
            for (var y = 4; y < film.Rows - 4; y++)
            {
                for (var x = 4; x < film.Columns - 4; x++)
                {
                    var at = y * film.Columns + x;
                    var brightness = film.Transform.Apply(film.Stored[at]);
                    if (film.Mask[at] > 0)
                    {
                        inside += brightness;
                        insideCount++;
                    }
                    else if (film.Mask[at - 4] > 0 || film.Mask[at + 4] > 0 || film.Mask[at - 4 * film.Columns] > 0 || film.Mask[at + 4 * film.Columns] > 0)
                    {
                        around += brightness;
                        aroundCount++;
                    }
                }
            }

            Assert.True(insideCount > 100, $"seed {seed}: {insideCount} pixels of metal");
            Assert.True(inside / insideCount > around / aroundCount + 0.04, $"seed {seed}: {inside / insideCount:0.00} inside, {around / aroundCount:0.00} around");
        }
    }

    [Fact]
    public void A_plain_hip_has_no_metal_and_otherwise_is_the_same_film()
    {
        var plain = Phantom.Render(9, Design.None, 256);
        var nailed = Phantom.Render(9, Design.D4, 256);
        Assert.All(plain.Mask, value => Assert.Equal(0, value));
        Assert.Equal((plain.Rows, plain.Columns, plain.Side, plain.BitsStored, plain.Monochrome1), (nailed.Rows, nailed.Columns, nailed.Side, nailed.BitsStored, nailed.Monochrome1));
        Assert.Equal(("none", Metal.None, "D4"), (plain.Label, plain.Metal, nailed.Label));
    }

    [Theory]
    [InlineData(Design.D3, Design.D4)]
    [InlineData(Design.D4, Design.D5)]
    [InlineData(Design.D3, Design.D5)]
    public void The_hard_triple_differs_in_the_head_element_alone(Design one, Design other)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var (a, b) = (Phantom.Render(seed, one, 256), Phantom.Render(seed, other, 256));
            Assert.Equal(a.Metal, b.Metal);
            // Where neither has a head element, both masks say the same.
            int shaft = 0, differing = 0;
            for (var at = 0; at < a.Mask.Length; at++)
            {
                if (a.Mask[at] == 255 || b.Mask[at] == 255) continue;
                shaft += a.Mask[at] > 0 ? 1 : 0;
                differing += a.Mask[at] != b.Mask[at] ? 1 : 0;
            }

            Assert.True(shaft > 300);
            Assert.Equal(0, differing);
            Assert.Contains(a.Mask.Zip(b.Mask), pair => pair.First == 255 && pair.Second != 255 || pair.First != 255 && pair.Second == 255);
        }
    }

    [Fact]
    public void Full_size_films_have_2000_to_3000_pixels_and_12_to_14_bits()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var film = Phantom.Render(seed, Design.D1);
            Assert.InRange(Math.Max(film.Rows, film.Columns), 2000, 3000);
            Assert.InRange(film.BitsStored, 12, 14);
            Assert.All([film.Stored.Max()], most => Assert.InRange(most, 1, (1 << film.BitsStored) - 1));
            Assert.True(film.Stored.Distinct().Take(500).Count() == 500, "too few grey values");
        }
    }

    [Fact]
    public void A_film_that_is_too_small_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Phantom.Render(1, Design.D1, 63));

    [Fact]
    public void A_sheet_is_a_png_of_every_design()
    {
        var png = PhantomSheet.Draw(1, 2, 64);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(2 * 64, png[18] << 8 | png[19]);
        Assert.Equal(Enum.GetValues<Design>().Length * 64, png[22] << 8 | png[23]);
    }
}
