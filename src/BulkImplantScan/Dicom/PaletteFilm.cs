using System.Buffers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>PALETTE COLOR → luminance of the palette's colours (PS3.3 C.7.6.3.1.2, C.7.6.3.1.5).</summary>
internal static class PaletteFilm
{
    /// <summary>Luminance of 8 bits, or of 16 where the palette has more; a film without a whole palette is not guessed at.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds the palette.</param>
    /// <param name="pixels">Indices: one sample of at most 16 bits.</param>
    /// <param name="pool">Gives the memory of the luminance.</param>
    public static GrayFilm Of(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels, PixelBufferPool pool)
    {
        var domain = StoredDomain.Of(pixels);
        var isSigned = domain.First < 0;
        var red = LookupTable.Read(
            file, dataset, DicomTags.RedPaletteDescriptor, DicomTags.RedPaletteData, DicomTags.SegmentedRedPaletteData, isSigned);
        var green = LookupTable.Read(
            file, dataset, DicomTags.GreenPaletteDescriptor, DicomTags.GreenPaletteData, DicomTags.SegmentedGreenPaletteData, isSigned);
        var blue = LookupTable.Read(
            file, dataset, DicomTags.BluePaletteDescriptor, DicomTags.BluePaletteData, DicomTags.SegmentedBluePaletteData, isSigned);
        try
        {
            return red is { } r && green is { } g && blue is { } b
                ? GrayFilm.Colour(Look(pixels, domain, r, g, b, pool), DecodeNote.Palette)
                : GrayFilm.Failed(Reason.MissingAttribute, "PaletteColorLookupTable");
        }
        finally
        {
            red?.Dispose();
            green?.Dispose();
            blue?.Dispose();
        }
    }

    private static StoredPixels Look(
        StoredPixels pixels, StoredDomain domain, in LookupTable red, in LookupTable green, in LookupTable blue, PixelBufferPool pool)
    {
        // "16 bits" over entries of one byte is a common lie; taken at its word it makes a black film.
        var isWide = Math.Max(Math.Max(red.Bits, green.Bits), blue.Bits) > 8
            && Math.Max(Math.Max(red.Largest, green.Largest), blue.Largest) > byte.MaxValue;
        var luminance = ArrayPool<ushort>.Shared.Rent(65536);
        try
        {
            var mask = pixels.BytesPerSample == 1 ? 0xFF : 0xFFFF;
            for (var stored = domain.First; stored <= domain.Last; stored++)
                luminance[stored & mask] = (ushort)LuminanceFilm.Y(red.Apply(stored), green.Apply(stored), blue.Apply(stored));

            var buffer = pool.Rent((long)pixels.SampleCount * (isWide ? 2 : 1));
            var film = new StoredPixels(
                buffer, isWide ? SampleKind.U16 : SampleKind.U8, pixels.Rows, pixels.Columns, 1, isWide ? 16 : 8);
            if (isWide) Copy(pixels, luminance, film.Samples<ushort>());
            else Copy(pixels, luminance, film.Bytes);
            return film;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(luminance);
        }
    }

    private static void Copy(StoredPixels pixels, ReadOnlySpan<ushort> luminance, Span<ushort> target)
    {
        if (pixels.BytesPerSample == 1)
        {
            var source = pixels.Bytes[..target.Length];
            for (var i = 0; i < target.Length; i++) target[i] = luminance[source[i]];
        }
        else
        {
            var source = pixels.Samples<ushort>()[..target.Length];
            for (var i = 0; i < target.Length; i++) target[i] = luminance[source[i]];
        }
    }

    private static void Copy(StoredPixels pixels, ReadOnlySpan<ushort> luminance, Span<byte> target)
    {
        if (pixels.BytesPerSample == 1)
        {
            var source = pixels.Bytes[..target.Length];
            for (var i = 0; i < target.Length; i++) target[i] = (byte)luminance[source[i]];
        }
        else
        {
            var source = pixels.Samples<ushort>()[..target.Length];
            for (var i = 0; i < target.Length; i++) target[i] = (byte)luminance[source[i]];
        }
    }
}
