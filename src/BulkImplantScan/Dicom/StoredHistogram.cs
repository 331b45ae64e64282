using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>How often each stored value occurs in a film of at most 16 bits.</summary>
/// <remarks>Four histograms side by side, one for every fourth pixel: neighbours are often equal, and to add to a counter that was
/// just written waits for that write. Counted by bit pattern, so no value is outside.</remarks>
internal static class StoredHistogram
{
    private const int Lanes = 4;

    /// <summary>Integers that <see cref="Count"/> needs.</summary>
    public static int LengthFor(StoredPixels pixels) => Lanes * Patterns(pixels);

    /// <summary>Counts the pixels of a field.</summary>
    /// <param name="pixels">One sample a pixel.</param>
    /// <param name="field">Within them.</param>
    /// <param name="counters">At least <see cref="LengthFor"/>; overwritten.</param>
    /// <returns>A part of <paramref name="counters"/>: how often each bit pattern, from 0, occurs.</returns>
    public static Span<int> Count(StoredPixels pixels, FieldOfView field, Span<int> counters)
    {
        var patterns = Patterns(pixels);
        counters = counters[..(Lanes * patterns)];
        counters.Clear();

        // The rows of a field as wide as the film lie side by side.
        var (rows, length) = field.Columns == pixels.Columns ? (1, field.Rows * field.Columns) : (field.Rows, field.Columns);
        for (var row = 0; row < rows; row++)
        {
            var start = (field.Top + row) * pixels.Columns + field.Left;
            if (pixels.BytesPerSample == 1) CountBytes(pixels.Bytes.Slice(start, length), counters);
            else CountWords(pixels.Samples<ushort>().Slice(start, length), counters);
        }

        var sum = counters[..patterns];
        for (var lane = 1; lane < Lanes; lane++)
            Add(counters.Slice(lane * patterns, patterns), sum);
        return sum;
    }

    private static void Add(ReadOnlySpan<int> lane, Span<int> sum)
    {
        var from = MemoryMarshal.Cast<int, Vector<int>>(lane);
        var to = MemoryMarshal.Cast<int, Vector<int>>(sum);
        for (var i = 0; i < to.Length; i++) to[i] += from[i]; // 256 and 65,536 are whole vectors
    }

    private static int Patterns(StoredPixels pixels) => pixels.BytesPerSample == 1 ? 256 : 65536;

    private static void CountBytes(ReadOnlySpan<byte> samples, Span<int> counters)
    {
        ref var counts = ref MemoryMarshal.GetReference(counters);
        var fours = MemoryMarshal.Cast<byte, uint>(samples);
        foreach (var four in fours)
        {
            Unsafe.Add(ref counts, (nint)(four & 0xFF))++;
            Unsafe.Add(ref counts, 256 + (nint)(four >> 8 & 0xFF))++;
            Unsafe.Add(ref counts, 512 + (nint)(four >> 16 & 0xFF))++;
            Unsafe.Add(ref counts, 768 + (nint)(four >> 24))++;
        }

        foreach (var sample in samples[(4 * fours.Length)..]) counters[sample]++;
    }

    private static void CountWords(ReadOnlySpan<ushort> samples, Span<int> counters)
    {
        ref var counts = ref MemoryMarshal.GetReference(counters);
        var fours = MemoryMarshal.Cast<ushort, ulong>(samples);
        foreach (var four in fours)
        {
            Unsafe.Add(ref counts, (nint)(four & 0xFFFF))++;
            Unsafe.Add(ref counts, 65536 + (nint)(four >> 16 & 0xFFFF))++;
            Unsafe.Add(ref counts, 131072 + (nint)(four >> 32 & 0xFFFF))++;
            Unsafe.Add(ref counts, 196608 + (nint)(four >> 48))++;
        }

        foreach (var sample in samples[(4 * fours.Length)..]) counters[sample]++;
    }
}
