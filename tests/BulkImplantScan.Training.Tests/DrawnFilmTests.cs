namespace BulkImplantScan.Training.Tests;

public sealed class DrawnFilmTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(75)]
    [InlineData(320)]
    public void The_same_seed_draws_the_same_and_another_seed_another(int side)
    {
        var film = new ushort[side * side];
        for (var i = 0; i < film.Length; i++) film[i] = (ushort)(20_000 + i * 7 % 20_000);
        var seen = new HashSet<ulong>();
        for (var seed = 0; seed < 60; seed++)
        {
            var (first, second) = (new ushort[film.Length], new ushort[film.Length]);
            DrawnOther.Draw(film, side, new(seed), first);
            DrawnOther.Draw(film, side, new(seed), second);
            Assert.Equal(first, second);
            Assert.NotEqual(film, first);
            seen.Add(System.IO.Hashing.XxHash3.HashToUInt64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(first.AsSpan())));
        }

        Assert.Equal(60, seen.Count);
    }

    [Fact]
    public void Hardware_brightens_some_of_a_film_and_leaves_most_of_it_alone()
    {
        const int Side = 320;
        var film = new ushort[Side * Side];
        Array.Fill(film, (ushort)20_000);
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = (ushort[])film.Clone();
            DrawnHardware.Draw(drawn, Side, new(seed));
            Assert.DoesNotContain(drawn, value => value < 20_000);
            Assert.InRange(drawn.Count(value => value > 20_000), 50, Side * Side / 4);
        }
    }

    [Fact]
    public void Shares_of_what_films_become_are_those_that_were_asked_for()
    {
        foreach (var metalAlone in (double[])[0, 0.1, 0.5])
        {
            Assert.Equal(metalAlone, Share(DrawnAs.Metal, true, false, metalAlone), 1e-3);
            Assert.Equal(0.06, Share(DrawnAs.Other, true, false, metalAlone), 1e-3);
            Assert.Equal(0, Share(DrawnAs.Hardware, true, false, metalAlone));
            Assert.Equal(0, Share(DrawnAs.Other, false, false, metalAlone));
        }

        Assert.Equal(0.3, Share(DrawnAs.Hardware, true, true, 0), 1e-3);
        Assert.Equal(0.64, Share(DrawnAs.Film, true, true, 0), 1e-3);

        static double Share(DrawnAs asked, bool mayBeOther, bool mayHaveHardware, double metalAlone) =>
            Enumerable.Range(0, 10_000).Count(i => FilmSampler.Becomes((i + 0.5) / 10_000, mayBeOther, mayHaveHardware, metalAlone) == asked) / 10_000.0;
    }

    [Theory]
    [InlineData(320, 80)]
    [InlineData(100, 33)] // cells of uneven size
    public void Metal_alone_keeps_what_metal_is_above_its_tissue_and_nothing_else(int side, int cells)
    {
        // Tissue that grows brighter to the right, a marker, and a bar of metal 0.4 of the way from its tissue to white, its right half 0.2.
        var (film, mask) = (new ushort[side * side], new byte[cells * cells]);
        var (middle, half) = (side / 2, side / 24);
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var tissue = 8_000 + 24_000 * x / side;
                var isMetal = Math.Abs(y - middle) < half && x > side / 4 && x < side * 3 / 4;
                film[y * side + x] = (ushort)(isMetal ? tissue + (x < middle ? 0.4 : 0.2) * (65_535 - tissue) : y < side / 8 && x < side / 8 ? 65_535 : tissue);
                if (isMetal) mask[y * cells / side * cells + x * cells / side] = 255;
            }

        for (var seed = 0; seed < 20; seed++)
        {
            var alone = new ushort[film.Length];
            MetalAlone.Draw(film, side, mask, new(seed), alone);
            double ground = alone[(middle - 3 * half) * side + middle];
            double Metal(int x) => (alone[middle * side + x] - ground) / (65_535 - ground);
            Assert.InRange(ground, 0.04 * 65_535, 0.5 * 65_535);
            Assert.True(alone[0] == 0 || Math.Abs(alone[0] - ground) < 0.3 * ground); // the marker is gone, the ground is nearly even
            Assert.InRange(Metal(middle - side / 10), 0.5, 1);
            // Tissue is the mean of the cells around, and this one slopes.
            Assert.Equal(0.5, Metal(middle + side / 10) / Metal(middle - side / 10), 0.12);
        }
    }
}
