using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Decoded is not yet right: what pixels of a film cannot look like, whoever decoded them.</summary>
/// <remarks>Widely used decoders have returned all zeros for 12-bit JPEG lossless, and bits that are no picture, without an error.
/// Each check rests on what no radiograph does; a film that is merely poor is for the network to abstain from:
/// <list type="bullet">
/// <item><see cref="Check"/>: an exposed detector has noise in every pixel, and a border burnt to one value leaves some field of view.
/// A film of which fewer than one pixel in a thousand differs from one value is blank, whatever the rest is.</item>
/// <item><see cref="Overshoot"/>: a lossless codec gives back what was stored, and what was stored fits into Bits Stored. A lossy one
/// rings at edges, by a little and at few places: that is clamped.</item>
/// <item><see cref="WrongLength"/>: pixel data of twice the length that the header speaks of was written with another header: samples
/// of two bytes read as one, say.</item>
/// </list>
/// A narrower range than Bits Stored allows is no fault: low-contrast films and films of 16 bits that use ten are common.</remarks>
public static class PixelSanity
{
    // One pixel in so many must differ from the most frequent value.
    private const int BlankShare = 1000;

    // Looked at first: a film that is not blank shows it here, nearly always.
    private const int Samples = 64;

    // Of 2^32.
    private const uint GoldenRatio = 0x9E3779B9;

    // One sample in so many may ring above Bits Stored in a lossy film. Sharp edges (a plate, a marker) do so along their outline.
    private const int OvershootShare = 100;

    // Files of a few kilobytes are padded to blocks of disks and tapes.
    private const int LeastExcessBytes = 64 << 10;

    /// <summary>What is implausible about a decoded film, for a row's detail; null when nothing is.</summary>
    public static string? Check(StoredPixels pixels) => pixels.BytesPerSample switch
    {
        1 => Blank<byte>(pixels.Samples<byte>()),
        2 => Blank<ushort>(pixels.Samples<ushort>()),
        _ => Blank<uint>(pixels.Samples<uint>()),
    };

    /// <summary>What is implausible about the length of pixel data; null when nothing is.</summary>
    /// <param name="there">Bytes that are there.</param>
    /// <param name="needed">Bytes that the header speaks of.</param>
    internal static string? WrongLength(long there, long needed) =>
        there >= 2 * needed && there - needed >= LeastExcessBytes
            ? string.Create(CultureInfo.InvariantCulture, $"{there} bytes of pixel data where the header needs {needed}")
            : null;

    /// <summary>Clamps what a lossy codec has put above Bits Stored, in place.</summary>
    /// <param name="cells">Samples as a codec gave them, not yet cleaned.</param>
    /// <param name="description">Of the film.</param>
    /// <returns>What is implausible: more than ringing; null when nothing is.</returns>
    /// <remarks>Only unsigned samples at the bottom of their cells: elsewhere a codec cannot know where they end.</remarks>
    internal static string? Overshoot(Span<byte> cells, in ImagePixelDescription description)
    {
        if (description.IsSigned || description.HighBit != description.BitsStored - 1 || description.BitsAllocated is not (8 or 16)) return null;
        if (description.BitsStored == description.BitsAllocated) return null;
        var max = (1 << description.BitsStored) - 1;
        var over = description.BitsAllocated == 8
            ? Clamp(cells, (byte)max)
            : Clamp(MemoryMarshal.Cast<byte, ushort>(cells), (ushort)max);
        return over * OvershootShare > description.SampleCount ? Outside(over, description) : null;
    }

    /// <summary>Clamps what rings beyond Bits Stored, in place: only where so few samples do that it can be ringing.</summary>
    /// <param name="cells">Samples with their sign extended, from bit 0.</param>
    /// <param name="description">Of the film.</param>
    internal static void ClampRinging(Span<byte> cells, in ImagePixelDescription description)
    {
        if (description.HighBit != description.BitsStored - 1 || CleanCells.AreClean(cells, description)) return;
        var most = (1L << (description.IsSigned ? description.BitsStored - 1 : description.BitsStored)) - 1;
        var least = description.IsSigned ? -most - 1 : 0;
        switch (description.BytesPerSample, description.IsSigned)
        {
            case (1, false): ClampFew(cells, (byte)least, (byte)most); break;
            case (1, true): ClampFew(MemoryMarshal.Cast<byte, sbyte>(cells), (sbyte)least, (sbyte)most); break;
            case (2, false): ClampFew(MemoryMarshal.Cast<byte, ushort>(cells), (ushort)least, (ushort)most); break;
            case (2, true): ClampFew(MemoryMarshal.Cast<byte, short>(cells), (short)least, (short)most); break;
            case (_, false): ClampFew(MemoryMarshal.Cast<byte, uint>(cells), (uint)least, (uint)most); break;
            default: ClampFew(MemoryMarshal.Cast<byte, int>(cells), (int)least, (int)most); break;
        }
    }

    /// <summary>The detail of samples outside Bits Stored.</summary>
    /// <param name="samples">How many; null when it was not counted.</param>
    /// <param name="description">Of the film.</param>
    internal static string Outside(long? samples, in ImagePixelDescription description) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(samples is { } count ? $"{count} samples" : "samples")} outside bits_stored={description.BitsStored}");

    private static string? Blank<T>(ReadOnlySpan<T> samples) where T : unmanaged, IEquatable<T>
    {
        if (samples.IsEmpty) return null;
        var value = MostFrequentOfFew(samples, out var isLikely);
        if (!isLikely) return null;
        var others = samples.Length - samples.Count(value);
        if (others == 0) return "constant";
        return (long)others * BlankShare < samples.Length
            ? string.Create(CultureInfo.InvariantCulture, $"constant but for {others} of {samples.Length} samples")
            : null;
    }

    /// <summary>The value that most of a few samples have, and whether so many have it that the film may be blank.</summary>
    /// <remarks>Spread by multiples of the golden ratio: equal steps could all fall into one column, of the border. In a blank
    /// film not one in a thousand differs: that three of 64 samples hit those is a chance of one in 25,000.</remarks>
    private static T MostFrequentOfFew<T>(ReadOnlySpan<T> samples, out bool isLikely) where T : unmanaged, IEquatable<T>
    {
        Span<T> few = stackalloc T[Samples];
        for (var i = 0; i < Samples; i++) few[i] = samples[(int)((long)unchecked((uint)i * GoldenRatio) * samples.Length >> 32)];
        var (best, bestCount) = (few[0], 0);
        foreach (var value in few)
        {
            var count = few.Count(value);
            if (count > bestCount) (best, bestCount) = (value, count);
        }

        isLikely = bestCount >= Samples - 2;
        return best;
    }

    private static void ClampFew<T>(Span<T> samples, T least, T most) where T : unmanaged, IBinaryInteger<T>
    {
        long outside = 0;
        foreach (var sample in samples)
            if (sample < least || sample > most) outside++;
        if (outside * OvershootShare > samples.Length) return;
        foreach (ref var sample in samples) sample = T.Clamp(sample, least, most);
    }

    private static long Clamp<T>(Span<T> cells, T max) where T : unmanaged, IBinaryInteger<T>
    {
        // Nearly no film overshoots: the first pass only looks.
        var limit = new Vector<T>(max);
        var i = 0;
        for (; i <= cells.Length - Vector<T>.Count; i += Vector<T>.Count)
            if (Vector.GreaterThanAny(new Vector<T>(cells[i..]), limit)) break;

        long over = 0;
        for (; i < cells.Length; i++)
        {
            if (cells[i] <= max) continue;
            cells[i] = max;
            over++;
        }

        return over;
    }
}
