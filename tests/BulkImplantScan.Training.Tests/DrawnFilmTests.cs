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
}
