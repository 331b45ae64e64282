using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Native pixels that are clean as they lie in the file are not copied; all others are, and both give the same samples.</summary>
public sealed class PixelsInPlaceTests
{
    private const int Count = 20_000;

    [Fact]
    public void Clean_pixels_stay_in_the_file_and_hold_it()
    {
        using var pool = new PixelBufferPool(keepPerClass: 1);
        var film = DicomBytes.Film(Ramp(4095));
        var pixels = Decode(pool, film, out var holder)!;
        Assert.Equal(film[^(2 * Count)..], pixels.Bytes.ToArray());
        holder.Span(film.Length)[^2] ^= 1;
        Assert.NotEqual(film[^2], pixels.Bytes[^2]); // the same memory

        // The file lets go; the pixels still hold it, until they go, too. Twice is once.
        holder.Dispose();
        Assert.Equal(film[^1], pixels.Bytes[^1]);
        using (var other = pool.Rent(film.Length)) Assert.NotEqual(holder.Address, other.Address);
        pixels.Dispose();
        pixels.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pixels.Bytes.Length);
    }

    [Theory]
    [InlineData(12, false, 0x1000)] // a bit above Bits Stored: an overlay, or dirt
    [InlineData(12, true, 0x0800)] // a sign that is not extended
    [InlineData(12, true, 0x7000)]
    public void Pixels_that_need_cleaning_are_copied_and_the_file_stays_as_it_is(int bitsStored, bool isSigned, int dirt)
    {
        using var pool = new PixelBufferPool();
        foreach (var at in (int[])[0, 1, 31, 12_345, Count - 33, Count - 1])
        {
            var values = Ramp(2047);
            values[at] = (ushort)dirt;
            var film = DicomBytes.Film(values, null, bitsStored, isSigned);
            using var pixels = Decode(pool, film, out var holder)!;
            using (holder)
            {
                Assert.True(film.AsSpan().SequenceEqual(holder.Span(film.Length)));
                using var copied = Decode(film, pool);
                Assert.True(copied.Bytes.SequenceEqual(pixels.Bytes));
                Assert.False(film.AsSpan(film.Length - 2 * Count).SequenceEqual(pixels.Bytes));
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(12, true)]
    [InlineData(15, false)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public void In_place_or_copied_the_samples_are_the_same(int bitsStored, bool isSigned)
    {
        using var pool = new PixelBufferPool();
        var random = new Random(bitsStored);
        for (var round = 0; round < 20; round++)
        {
            // Mostly clean: every other round one sample is not.
            var values = new ushort[1 + random.Next(10_000, Count)];
            for (var i = 0; i < values.Length; i++)
            {
                var value = random.Next(1 << bitsStored);
                values[i] = (ushort)(isSigned ? value - (1 << bitsStored - 1) : value);
            }

            if (round % 2 == 1) values[random.Next(values.Length)] = (ushort)random.Next(65536);
            var film = DicomBytes.Film(values, null, bitsStored, isSigned);
            using var pixels = Decode(pool, film, out var holder)!;
            using var copied = Decode(film, pool);
            using (holder) Assert.True(copied.Bytes.SequenceEqual(pixels.Bytes));
        }
    }

    [Fact]
    public void A_frame_of_many_does_not_keep_the_others_in_memory()
    {
        using var pool = new PixelBufferPool();
        var film = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.NumberOfFrames, "IS", "3")
            .ImagePixel(100, 200, 16, 12).Words(DicomBytes.PixelData, "OW", new ushort[3 * 100 * 200]).ToArray();
        using var pixels = Decode(pool, film, out var holder)!;
        holder.Span(film.Length).Fill(0xFF);
        holder.Dispose();
        Assert.False(pixels.Bytes.ContainsAnyExcept((byte)0));
    }

    private static ushort[] Ramp(int top) => [.. Enumerable.Range(0, Count).Select(i => (ushort)(i % (top + 1)))];

    private static StoredPixels? Decode(PixelBufferPool pool, byte[] film, out PixelBuffer holder)
    {
        holder = pool.Rent(film.Length);
        film.CopyTo(holder.Span(film.Length));
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(holder.Span(film.Length), dataset, pool, holder);
        return FrameDecoder.Decode(parsed.Bytes, dataset, 1, DecodeSettings.Exact, pool, parsed.Holder).Pixels;
    }

    private static StoredPixels Decode(byte[] film, PixelBufferPool pool)
    {
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(film, dataset, pool);
        return FrameDecoder.Decode(parsed.Bytes, dataset, 1, DecodeSettings.Exact, pool, parsed.Holder).Pixels!;
    }
}
