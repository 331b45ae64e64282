using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Imaging;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom;

public sealed class PixelSanityTests
{
    [Fact]
    public void A_film_is_blank_when_fewer_than_one_pixel_in_a_thousand_differs() =>
        Gen.Select(Gen.Enum<SampleKind>().Where(kind => kind < SampleKind.U32), Gen.Int[1, 60], Gen.Int[1, 200], Gen.Double[0, 1], Gen.Int[0, 1 << 20])
            .Sample((kind, rows, columns, share, seed) =>
            {
                // Other pixels at random places, or all in the first columns: where they lie must not matter.
                var random = new Random(seed);
                var pixels = rows * columns;
                var others = (int)(share * share * share * share * share * pixels / 2);
                var places = Enumerable.Range(0, pixels).ToArray();
                if (seed % 2 == 0) random.Shuffle(places);
                var isOther = new bool[pixels];
                foreach (var place in places.Take(others)) isOther[place] = true;
                using var film = Films.Of(kind, rows, columns, (y, x) => isOther[y * columns + x] ? 1 + random.Next(100) : 0);

                var seen = PixelSanity.Check(film);
                if (others == 0) Assert.Equal("constant", seen);
                else if (others * 1000L >= pixels) Assert.Null(seen);
                else Assert.True(seen is null || seen == $"constant but for {others} of {pixels} samples", seen);
            }, iter: 3000);

    [Fact]
    public void A_nearly_blank_film_is_said_wherever_its_other_pixels_lie()
    {
        using var film = Films.Of(SampleKind.U16, 512, 512, (y, x) => x == 511 && y < 200 ? 4095 : 17);
        Assert.Equal("constant but for 200 of 262144 samples", PixelSanity.Check(film));
    }

    [Fact]
    public void No_real_film_is_called_implausible()
    {
        var folder = SharedFolder.Require("data", "dicom");
        var decoded = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var film = BulkImplantScan.Pipeline.FilmInspection.Of(path, new InputGeometry(1, 32, 32, [0], [1]), null);
            Assert.True(film.Reason != Reason.ImplausiblePixels.InRow(), $"{path}: {film.Detail}");
            if (film.Sha256 is not null) decoded++;
        }

        Assert.True(decoded >= 30, $"only {decoded} files decode");
    }

    [Fact]
    public void Pixel_data_of_twice_the_length_was_written_with_another_header()
    {
        // 16 bits read as 8: half of the film, stretched, would decode without an error.
        var pixels = new ushort[400 * 400];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (ushort)(i * 7);
        var lying = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(400, 400, 8, 8).Words(DicomBytes.PixelData, "OW", pixels);
        var film = DicomFiles.Decode(lying.ToArray());
        Assert.Equal(
            (Reason.ImplausiblePixels, "320000 bytes of pixel data where the header needs 160000", "native"), (film.Reason, film.Detail, film.Decoder));

        // Small ones are padded to blocks of disks.
        var padded = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(20, 20, 8, 8)
            .Words(DicomBytes.PixelData, "OW", pixels.AsSpan(0, 4096));
        Assert.Equal(Reason.None, DicomFiles.Decode(padded.ToArray()).Reason);
    }

    [Fact]
    public void What_rings_above_Bits_Stored_is_clamped_and_more_than_ringing_is_said() =>
        Gen.Select(Gen.Int[1, 15], Gen.Int[1, 3000], Gen.Double[0, 0.02], Gen.Int[0, 1 << 20]).Sample((stored, count, share, seed) =>
        {
            var random = new Random(seed);
            var description = new ImagePixelDescription(1, count, 1, 16, stored, stored - 1, false, 0, "MONOCHROME2", 1);
            var cells = new ushort[count];
            for (var i = 0; i < count; i++) cells[i] = (ushort)(random.NextDouble() < share ? random.Next(1 << stored, 65536) : random.Next(1 << stored));
            var expected = cells.Select(cell => Math.Min(cell, (ushort)((1 << stored) - 1))).ToArray();
            var over = cells.Count(cell => cell >= 1 << stored);

            var seen = PixelSanity.Overshoot(System.Runtime.InteropServices.MemoryMarshal.AsBytes(cells.AsSpan()), description);
            Assert.Equal(expected, cells);
            Assert.Equal(over * 100L > count ? $"{over} samples outside bits_stored={stored}" : null, seen);
        }, iter: 1000);

    [Fact]
    public void Bits_above_High_Bit_are_outside_unless_they_are_the_sign() =>
        Gen.Select(Gen.Int[2, 16], Gen.Bool, Gen.Int[0, 1 << 20]).Sample((stored, isSigned, seed) =>
        {
            var random = new Random(seed);
            var high = random.Next(stored - 1, 16);
            var description = new ImagePixelDescription(1, 37, 1, 16, stored, high, isSigned, 0, "MONOCHROME2", 1);
            var cells = new ushort[37];
            for (var i = 0; i < cells.Length; i++)
            {
                var value = random.Next(1 << stored) << high - stored + 1;
                if (isSigned && random.Next(2) == 0) value = (int)((uint)value << 31 - high) >> 31 - high;
                cells[i] = (ushort)value;
            }

            var isDirty = high < 15 && random.Next(2) == 0;
            if (isDirty)
            {
                // One bit above turned over: of a sign that is longer than one bit, and of zeros, that is neither.
                var at = random.Next(cells.Length);
                var bit = 1 << random.Next(high + 1, 16);
                cells[at] ^= (ushort)bit;
                var shift = 15 - high;
                var value = isSigned ? (ushort)((short)(cells[at] << shift) >> shift) : (ushort)(cells[at] << shift) >> shift;
                isDirty = (cells[at] & ~value) != 0; // zeros above a sign are as good as the sign: it was not extended
            }

            var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(cells.AsSpan());
            Assert.Equal(isDirty, BulkImplantScan.Dicom.Codecs.SampleCells.Clean(bytes, description) != 0);
        }, iter: 2000);
}
