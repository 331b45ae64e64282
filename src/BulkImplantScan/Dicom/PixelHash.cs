using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>SHA-256 and statistics of the stored pixels of a file, frame after frame: what <c>inspect</c> prints.</summary>
/// <remarks>Over frames × rows × columns (× samples), widened to 32-bit little endian, so that files which store the same
/// pixels in other ways have the same hash. Floating point is hashed as it is stored; its statistics are those of its finite
/// numbers.</remarks>
public sealed class PixelHash : IDisposable
{
    private const int ChunkSamples = 4096;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private double _sum;
    private long _count;

    /// <summary>Smallest sample so far, rounded down; null before the first frame.</summary>
    public long? Min { get; private set; }

    /// <summary>Largest sample so far, rounded up; null before the first frame.</summary>
    public long? Max { get; private set; }

    /// <summary>Mean of all samples so far; null before the first frame.</summary>
    public double? Mean => _count == 0 ? null : _sum / _count;

    /// <summary>Adds the next frame.</summary>
    public void Append(StoredPixels pixels)
    {
        switch (pixels.Kind)
        {
            case SampleKind.U8: Append<byte>(pixels.Samples<byte>(), static value => value); break;
            case SampleKind.S8: Append<sbyte>(pixels.Samples<sbyte>(), static value => value); break;
            case SampleKind.U16: Append<ushort>(pixels.Samples<ushort>(), static value => value); break;
            case SampleKind.S16: Append<short>(pixels.Samples<short>(), static value => value); break;
            case SampleKind.U32: Append<uint>(pixels.Samples<uint>(), static value => value); break;
            case SampleKind.S32: Append<int>(pixels.Samples<int>(), static value => value); break;
            case SampleKind.F32: AppendFloating<float>(pixels.Samples<float>()); break;
            default: AppendFloating<double>(pixels.Samples<double>()); break;
        }
    }

    /// <summary>The hash of all frames so far as 64 hex digits in lower case; the next frame begins anew.</summary>
    public string Sha256() => Convert.ToHexStringLower(_sha256.GetHashAndReset());

    /// <summary>Gives the hash's memory back.</summary>
    public void Dispose() => _sha256.Dispose();

    private void AppendFloating<T>(ReadOnlySpan<T> samples) where T : unmanaged, IFloatingPoint<T>
    {
        _sha256.AppendData(MemoryMarshal.AsBytes(samples));
        foreach (var sample in samples)
        {
            if (!T.IsFinite(sample)) continue;
            _sum += double.CreateTruncating(sample);
            _count++;
            Min = Math.Min(Min ?? long.MaxValue, long.CreateSaturating(T.Floor(sample)));
            Max = Math.Max(Max ?? long.MinValue, long.CreateSaturating(T.Ceiling(sample)));
        }
    }

    private void Append<T>(ReadOnlySpan<T> samples, Func<T, long> widen)
    {
        Span<int> wide = stackalloc int[ChunkSamples];
        long min = long.MaxValue, max = long.MinValue;
        for (var start = 0; start < samples.Length; start += ChunkSamples)
        {
            var chunk = samples[start..Math.Min(start + ChunkSamples, samples.Length)];
            var sum = 0L; // 4096 samples of 32 bits: far from an overflow
            for (var i = 0; i < chunk.Length; i++)
            {
                var value = widen(chunk[i]);
                wide[i] = unchecked((int)value);
                sum += value;
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }

            _sum += sum;
            _sha256.AppendData(MemoryMarshal.AsBytes(wide[..chunk.Length]));
        }

        _count += samples.Length;
        if (samples.IsEmpty) return;
        Min = Math.Min(Min ?? min, min);
        Max = Math.Max(Max ?? max, max);
    }
}
