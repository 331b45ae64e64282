using System.Runtime.Intrinsics;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>Three samples a pixel → luminance: Y of YBR_FULL, Y = 0.2990 R + 0.5870 G + 0.1140 B (PS3.3 C.7.6.3.1.2; the weights of
/// ITU-R BT.601).</summary>
/// <remarks>In whole numbers, weights in 1/65,536, rounded to nearest: the same on every machine, at most one step from the exact
/// value, and exactly R where R = G = B, as in a grey film that was stored in colour.</remarks>
internal static class LuminanceFilm
{
    private const uint Red = 19595, Green = 38470, Blue = 7471; // together 65,536
    private const uint Half = 1 << 15;

    // Black and white of YBR_PARTIAL in 8 bits.
    private const int PartialBlack = 16, PartialWhite = 235;

    /// <summary>Luminance with the bits of the samples.</summary>
    /// <param name="pixels">As the codec gives them: YBR where the photometric interpretation says so, but RGB for RCT and ICT, which
    /// codecs of JPEG 2000 take back themselves.</param>
    /// <param name="photometric">Photometric Interpretation; null when absent.</param>
    /// <param name="pool">Gives the memory of the luminance.</param>
    public static GrayFilm Of(StoredPixels pixels, string? photometric, PixelBufferPool pool)
    {
        // Colour is 8 or 16 bits allocated, unsigned (PS3.3 C.7.6.3.1): a sign is a slip of the pen.
        if (pixels.SamplesPerPixel != 3) return GrayFilm.Failed(Reason.UnsupportedPixelFormat, "SamplesPerPixel");
        if (pixels.BytesPerSample > 2) return GrayFilm.Failed(Reason.UnsupportedPixelFormat, "BitsAllocated");

        var isWide = pixels.BytesPerSample == 2;
        var buffer = pool.Rent((long)pixels.Rows * pixels.Columns * pixels.BytesPerSample);
        var film = new StoredPixels(
            buffer, isWide ? SampleKind.U16 : SampleKind.U8, pixels.Rows, pixels.Columns, 1, pixels.BitsStored)
        {
            Reduction = pixels.Reduction,
        };
        if (photometric is "YBR_FULL" or "YBR_FULL_422")
        {
            if (isWide) First(pixels.Samples<ushort>(), film.Samples<ushort>(), (ushort)((1 << film.BitsStored) - 1));
            else First(pixels.Bytes, film.Bytes, (byte)((1 << film.BitsStored) - 1));
        }
        else if (photometric is "YBR_PARTIAL_422" or "YBR_PARTIAL_420")
        {
            if (isWide) Stretch(pixels.Samples<ushort>(), film.Samples<ushort>(), film.BitsStored);
            else Stretch(pixels.Bytes, film.Bytes, film.BitsStored);
        }
        else if (isWide)
        {
            OfWords(pixels.Samples<ushort>(), film.Samples<ushort>(), (ushort)((1 << film.BitsStored) - 1));
        }
        else
        {
            OfBytes(pixels.Bytes, film.Bytes, (byte)((1 << film.BitsStored) - 1));
        }

        return GrayFilm.Colour(film, DecodeNote.Luminance);
    }

    /// <summary>Luminance of one colour of at most 16 bits a sample.</summary>
    public static uint Y(int red, int green, int blue) => (Red * (uint)red + Green * (uint)green + Blue * (uint)blue + Half) >> 16;

    private static void First<T>(ReadOnlySpan<T> samples, Span<T> target, T mask) where T : System.Numerics.IBinaryInteger<T>
    {
        for (int i = 0, at = 0; i < target.Length; i++, at += 3) target[i] = samples[at] & mask;
    }

    private static void Stretch<T>(ReadOnlySpan<T> samples, Span<T> target, int bitsStored) where T : System.Numerics.IBinaryInteger<T>
    {
        var most = (1 << bitsStored) - 1;
        var shift = Math.Max(0, bitsStored - 8);
        int black = PartialBlack << shift, range = (PartialWhite - PartialBlack) << shift;
        for (int i = 0, at = 0; i < target.Length; i++, at += 3)
        {
            var stored = int.CreateTruncating(samples[at]) & most;
            target[i] = T.CreateTruncating(Math.Clamp(((long)(stored - black) * most + range / 2) / range, 0, most));
        }
    }

    private static void OfBytes(ReadOnlySpan<byte> rgb, Span<byte> y, byte mask)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // 16 pixels lie in three vectors; a place of 255 gives 0, so three shuffles and two ors gather one colour.
            var masks = Vector128.Create(mask);
            for (; i <= y.Length - 16; i += 16)
            {
                ref readonly var first = ref rgb[3 * i];
                var a = Vector128.LoadUnsafe(in first) & masks;
                var b = Vector128.LoadUnsafe(in first, 16) & masks;
                var c = Vector128.LoadUnsafe(in first, 32) & masks;
                var red = Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13));
                var green = Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14));
                var blue = Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                    | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15));
                var lower = Weigh(Vector128.WidenLower(red), Vector128.WidenLower(green), Vector128.WidenLower(blue));
                var upper = Weigh(Vector128.WidenUpper(red), Vector128.WidenUpper(green), Vector128.WidenUpper(blue));
                Vector128.Narrow(lower, upper).CopyTo(y[i..]);
            }
        }

        for (var at = 3 * i; i < y.Length; i++, at += 3) y[i] = (byte)Y(rgb[at] & mask, rgb[at + 1] & mask, rgb[at + 2] & mask);
    }

    private static void OfWords(ReadOnlySpan<ushort> rgb, Span<ushort> y, ushort mask)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // As for bytes, eight pixels at a time.
            var masks = Vector128.Create(mask);
            for (; i <= y.Length - 8; i += 8)
            {
                ref readonly var first = ref rgb[3 * i];
                var a = Vector128.LoadUnsafe(in first) & masks;
                var b = Vector128.LoadUnsafe(in first, 8) & masks;
                var c = Vector128.LoadUnsafe(in first, 16) & masks;
                var red = Vector128.Shuffle(a, Vector128.Create((ushort)0, 3, 6, 99, 99, 99, 99, 99))
                    | Vector128.Shuffle(b, Vector128.Create((ushort)99, 99, 99, 1, 4, 7, 99, 99))
                    | Vector128.Shuffle(c, Vector128.Create((ushort)99, 99, 99, 99, 99, 99, 2, 5));
                var green = Vector128.Shuffle(a, Vector128.Create((ushort)1, 4, 7, 99, 99, 99, 99, 99))
                    | Vector128.Shuffle(b, Vector128.Create((ushort)99, 99, 99, 2, 5, 99, 99, 99))
                    | Vector128.Shuffle(c, Vector128.Create((ushort)99, 99, 99, 99, 99, 0, 3, 6));
                var blue = Vector128.Shuffle(a, Vector128.Create((ushort)2, 5, 99, 99, 99, 99, 99, 99))
                    | Vector128.Shuffle(b, Vector128.Create((ushort)99, 99, 0, 3, 6, 99, 99, 99))
                    | Vector128.Shuffle(c, Vector128.Create((ushort)99, 99, 99, 99, 99, 1, 4, 7));
                Weigh(red, green, blue).CopyTo(y[i..]);
            }
        }

        for (var at = 3 * i; i < y.Length; i++, at += 3) y[i] = (ushort)Y(rgb[at] & mask, rgb[at + 1] & mask, rgb[at + 2] & mask);
    }

    private static Vector128<ushort> Weigh(Vector128<ushort> red, Vector128<ushort> green, Vector128<ushort> blue) => Vector128.Narrow(
        Weigh(Vector128.WidenLower(red), Vector128.WidenLower(green), Vector128.WidenLower(blue)),
        Weigh(Vector128.WidenUpper(red), Vector128.WidenUpper(green), Vector128.WidenUpper(blue)));

    private static Vector128<uint> Weigh(Vector128<uint> red, Vector128<uint> green, Vector128<uint> blue) =>
        (red * Red + green * Green + blue * Blue + Vector128.Create(Half)) >>> 16;
}
