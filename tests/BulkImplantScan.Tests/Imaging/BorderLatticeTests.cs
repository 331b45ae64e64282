using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Imaging;

public class BorderLatticeTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void Vectors_and_single_values_give_the_same_bits_at_every_place(int pitch)
    {
        // Only samples of 16 bits without a sign have vectors. Mid-grey: no overshoot is clamped.
        var random = new Random(pitch);
        var values = Enumerable.Range(0, 130 * 141).Select(_ => random.Next(12_000, 20_000)).ToArray();
        using var words = Films.Of(SampleKind.U16, 130, 141, (y, x) => values[(y * 141) + x]);
        using var signed = Films.Of(SampleKind.S16, 130, 141, (y, x) => values[(y * 141) + x]);
        var one = new BorderLattice<ushort>(words.Samples<ushort>(), words, pitch);
        var other = new BorderLattice<short>(signed.Samples<short>(), signed, pitch);
        for (var at = 0; at < values.Length; at++) Assert.Equal(other.Low(at), one.Low(at));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_low_pass_of_a_whole_film_is_the_sample_of_its_low_band(int levels)
    {
        var random = new Random(levels);
        var rough = Enumerable.Range(0, 100 * 90).Select(_ => random.Next(900, 3000)).ToArray();
        using var film = Films.Of(SampleKind.U16, 100, 90, (y, x) => rough[(y * 90) + x], bitsStored: 12);
        using var band = LowBand.Of(film, levels);
        var lattice = new BorderLattice<ushort>(film.Samples<ushort>(), film, 2 << levels);
        for (var y = 0; y < band.Rows - (1 << levels); y++)
            for (var x = 0; x < band.Columns - (1 << levels); x++)
            {
                // Rounding of the lifting steps; beyond the film the band's last samples are mirrored otherwise.
                var difference = lattice.Low((y << levels) * 90 + (x << levels)) / 4.0 - band.Samples<ushort>()[(y * band.Columns) + x];
                Assert.InRange(difference, -2.5, 2.5);
            }
    }
}
