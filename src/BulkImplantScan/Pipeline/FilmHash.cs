using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pipeline;

/// <summary>Finds films with the same pixels: XXH128 over the values, seeded by the site key.</summary>
/// <remarks>Of the values and not of how they are kept: 8 bits count as 16, and whether the header calls the samples signed is left
/// out, so that a film stored another way (8 bits in 16 allocated, exported as PNG) has the hash that it had. The seed keeps other
/// sites from linking films.</remarks>
internal static class FilmHash
{
    private const int ChunkSamples = 4096;

    [ThreadStatic]
    private static (XxHash128? Hash, long Seed) t_hash;

    /// <summary>32 hex digits.</summary>
    /// <param name="pixels">As decoded, before anything is made of them.</param>
    /// <param name="seed">Of the site.</param>
    public static string Of(StoredPixels pixels, long seed)
    {
        if (t_hash.Hash is null || t_hash.Seed != seed) t_hash = (new(seed), seed);
        var hash = t_hash.Hash;
        hash.Append(MemoryMarshal.AsBytes<int>([pixels.Rows, pixels.Columns, pixels.SamplesPerPixel, Math.Max(2, pixels.BytesPerSample)]));
        if (pixels.BytesPerSample == 1) AppendWide(hash, pixels.Bytes, isSigned: pixels.Kind == SampleKind.S8);
        else hash.Append(pixels.Bytes);

        Span<byte> value = stackalloc byte[16];
        hash.GetHashAndReset(value);
        return Convert.ToHexStringLower(value);
    }

    private static void AppendWide(XxHash128 hash, ReadOnlySpan<byte> samples, bool isSigned)
    {
        Span<ushort> wide = stackalloc ushort[ChunkSamples];
        while (!samples.IsEmpty)
        {
            var chunk = samples[..Math.Min(ChunkSamples, samples.Length)];
            samples = samples[chunk.Length..];
            if (isSigned) Widen(MemoryMarshal.Cast<byte, sbyte>(chunk), MemoryMarshal.Cast<ushort, short>(wide));
            else Widen(chunk, wide);
            hash.Append(MemoryMarshal.AsBytes(wide[..chunk.Length]));
        }
    }

    private static void Widen(ReadOnlySpan<byte> samples, Span<ushort> wide)
    {
        var i = 0;
        for (; i <= samples.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(samples[i..]), out var low, out var high);
            low.CopyTo(wide[i..]);
            high.CopyTo(wide[(i + Vector<ushort>.Count)..]);
        }

        for (; i < samples.Length; i++) wide[i] = samples[i];
    }

    private static void Widen(ReadOnlySpan<sbyte> samples, Span<short> wide)
    {
        var i = 0;
        for (; i <= samples.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(samples[i..]), out var low, out var high);
            low.CopyTo(wide[i..]);
            high.CopyTo(wide[(i + Vector<short>.Count)..]);
        }

        for (; i < samples.Length; i++) wide[i] = samples[i];
    }
}
