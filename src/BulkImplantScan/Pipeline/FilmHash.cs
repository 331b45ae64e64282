using System.IO.Hashing;
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
        switch (pixels.Kind)
        {
            case SampleKind.U8: AppendWide<byte>(hash, pixels.Samples<byte>(), static value => value); break;
            case SampleKind.S8: AppendWide<sbyte>(hash, pixels.Samples<sbyte>(), static value => value); break;
            default: hash.Append(pixels.Bytes); break;
        }

        Span<byte> value = stackalloc byte[16];
        hash.GetHashAndReset(value);
        return Convert.ToHexStringLower(value);
    }

    private static void AppendWide<T>(XxHash128 hash, ReadOnlySpan<T> samples, Func<T, short> widen)
    {
        Span<short> wide = stackalloc short[ChunkSamples];
        for (var start = 0; start < samples.Length; start += ChunkSamples)
        {
            var chunk = samples[start..Math.Min(start + ChunkSamples, samples.Length)];
            for (var i = 0; i < chunk.Length; i++) wide[i] = widen(chunk[i]);
            hash.Append(MemoryMarshal.AsBytes(wide[..chunk.Length]));
        }
    }
}
