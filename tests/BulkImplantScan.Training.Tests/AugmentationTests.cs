using BulkImplantScan.Imaging;

namespace BulkImplantScan.Training.Tests;

public sealed class AugmentationTests
{
    private const int Side = 48;

    private static readonly InputGeometry Input = new(1, Side, Side, [0], [1]);

    [Fact]
    public void Brightness_stays_within_its_range_whatever_is_drawn()
    {
        var film = new ushort[Side * Side];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(film.AsSpan()));
        var target = new float[film.Length];
        for (var seed = 0; seed < 200; seed++)
        {
            Augmentation.Draw(film, Input, new(seed), target);
            Assert.All(target, y => Assert.InRange(y, 0f, 1f));
        }
    }

    [Fact]
    public void A_bright_bar_moves_but_keeps_about_its_size()
    {
        var film = new ushort[Side * Side];
        for (var y = 16; y < 32; y++) film.AsSpan(y * Side + 18, 12).Fill(ushort.MaxValue);
        var target = new float[film.Length];
        var centres = new HashSet<(int, int)>();
        for (var seed = 0; seed < 100; seed++)
        {
            Augmentation.Draw(film, Input, new(seed), target);
            var threshold = (target.Max() + target.Min()) / 2;
            var bright = Enumerable.Range(0, target.Length).Where(i => target[i] > threshold).ToArray();

            // Scale is within ±20 %, so area within ±43 %; erasing may hide part of it or add a patch.
            Assert.InRange(bright.Length, 12 * 16 / 4, 12 * 16 * 3);
            centres.Add(((int)bright.Average(i => i % Side), (int)bright.Average(i => i / Side)));
        }

        Assert.True(centres.Count > 20, $"{centres.Count} places");
    }

    [Fact]
    public void Nearly_a_third_of_the_films_is_not_resampled()
    {
        // A checkerboard: any shift by less than a pixel, any turn, greys it.
        var film = new ushort[Side * Side];
        for (var i = 0; i < film.Length; i++) film[i] = (i + i / Side) % 2 == 0 ? ushort.MaxValue : (ushort)0;
        var target = new float[film.Length];
        var sharp = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            Augmentation.Draw(film, Input, new(seed), target);
            var middle = target.AsSpan(Side * Side / 2, Side);
            double steps = 0;
            for (var x = 1; x < Side; x++) steps += Math.Abs(middle[x] - middle[x - 1]);
            // Whatever contrast and erasing do: blurred ones have a small part of these steps.
            if (steps / (Side - 1) > 0.42) sharp++;
        }

        Assert.InRange(sharp, 80, 160);
    }

    [Fact]
    public void The_same_seed_draws_the_same_film()
    {
        var film = new ushort[Side * Side];
        for (var i = 0; i < film.Length; i++) film[i] = (ushort)(i * 7);
        var (first, second) = (new float[film.Length], new float[film.Length]);
        Augmentation.Draw(film, Input, new(5), first);
        Augmentation.Draw(film, Input, new(5), second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_mask_takes_the_pose_of_its_film()
    {
        // The film is its own mask: bright where metal is.
        const int Step = 4;
        var film = new ushort[Side * Side];
        for (var y = 16; y < 36; y++) film.AsSpan(y * Side + 12, 12).Fill(ushort.MaxValue);
        var mask = new byte[Side / Step * (Side / Step)];
        for (var y = 4; y < 9; y++) mask.AsSpan(y * (Side / Step) + 3, 3).Fill(255);
        var (target, maskTarget) = (new float[film.Length], new float[mask.Length]);
        var agreed = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            Augmentation.Draw(film, mask, Input, new(seed), target, maskTarget);
            var threshold = (target.Max() + target.Min()) / 2;
            var (bright, metal) = (Centre(target, Side, value => value > threshold), Centre(maskTarget, Side / Step, value => value > 0.5f));
            if (Math.Abs(bright.X - metal.X) < 0.06 && Math.Abs(bright.Y - metal.Y) < 0.06) agreed++;
        }

        Assert.InRange(agreed, 75, 100); // a patch that is drawn over a film hides or adds brightness on about a third
    }

    private static (double X, double Y) Centre(float[] raster, int side, Func<float, bool> counts)
    {
        var at = Enumerable.Range(0, raster.Length).Where(i => counts(raster[i])).ToArray();
        return (at.Average(i => (i % side + 0.5) / side), at.Average(i => (i / side + 0.5) / side));
    }
}
