using System.Runtime.InteropServices;

namespace BulkImplantScan.Inference;

/// <summary>How far a film's pooled features lie from those of the nearest class that answers: an out-of-distribution score of another
/// kind than the logits' (Lee 2018: Mahalanobis' distance with one covariance for all classes).</summary>
/// <param name="Channels">K, length of the pooled features.</param>
/// <param name="Whitening">W = L⁻¹ of the covariance L·Lᵀ: lower triangle row by row, K·(K + 1)/2 fp32, little-endian.</param>
/// <param name="Centres">W·μ of each class that answers (devices, no implant), in their order, fp32 [classes, K], little-endian.</param>
/// <param name="Maximum">Films with a larger distance abstain; null = none does.</param>
/// <param name="OfRoots">f are the square roots of the pooled features, negative ones taken for 0: means of rectified maps are skewed, and what
/// is far out where they are large hides what is far out where they are small (power normalisation, Perronnin 2010).</param>
public sealed record FeatureDistance(int Channels, byte[] Whitening, byte[] Centres, float? Maximum, bool OfRoots = false)
{
    /// <summary>The most channels a package may have here.</summary>
    public const int MaximumChannels = 1024;

    /// <summary>√(min over classes of |W·f − W·μ|² / K): about 1 for films like those that it was fitted on, larger = more outlying.</summary>
    /// <param name="pooled">Pooled features, fp32 [K].</param>
    /// <returns>NaN where f has one.</returns>
    /// <exception cref="ArgumentException">Not K features.</exception>
    public float Of(ReadOnlySpan<float> pooled)
    {
        if (pooled.Length != Channels) throw new ArgumentException($"{pooled.Length} features for {Channels} channels", nameof(pooled));
        Span<double> features = stackalloc double[Channels];
        for (var k = 0; k < Channels; k++) features[k] = Feature(pooled[k], OfRoots);
        ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(Whitening), centres = MemoryMarshal.Cast<byte, float>(Centres);
        Span<double> whitened = stackalloc double[Channels];
        for (int k = 0, at = 0; k < Channels; at += ++k)
        {
            var sum = 0.0; // in one order: a row does not depend on the processor
            for (var j = 0; j <= k; j++) sum += rows[at + j] * features[j];
            whitened[k] = sum;
        }

        var least = double.PositiveInfinity;
        for (var c = 0; c < centres.Length; c += Channels)
        {
            var sum = 0.0;
            for (var k = 0; k < Channels; k++)
            {
                var difference = whitened[k] - centres[c + k];
                sum += difference * difference;
            }

            if (double.IsNaN(sum)) return float.NaN;
            least = Math.Min(least, sum);
        }

        return (float)Math.Min(Math.Sqrt(least / Channels), float.MaxValue);
    }

    /// <summary>What a distance is taken of.</summary>
    internal static double Feature(float pooled, bool ofRoots) => ofRoots ? Math.Sqrt(Math.Max(pooled, 0)) : pooled;

    /// <summary>What is out of bounds, as the rest of a sentence; null when all is well.</summary>
    internal string? Fault(int answering) =>
        Channels is < 1 or > MaximumChannels ? $"\"features\" must have 1 to {MaximumChannels} channels"
        : Whitening?.Length != 2 * Channels * (Channels + 1) || Centres?.Length != 4 * Channels * answering ? "\"features\" must have a triangle of K·(K + 1)/2 numbers and K per class that answers"
        : !Finite(Whitening) || !Finite(Centres) ? "\"features\" must be finite numbers"
        : Maximum is not (null or > 0 and <= 1e6f) ? "\"maximum\" of the features must be above 0 and at most 1e6"
        : null;

    private static bool Finite(byte[] bytes)
    {
        foreach (var value in MemoryMarshal.Cast<byte, float>(bytes))
            if (!float.IsFinite(value)) return false;
        return true;
    }
}
