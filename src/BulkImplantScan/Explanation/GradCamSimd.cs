using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Explanation;

/// <summary>Grad-CAM on the CPU: L = ReLU(Σₖ αₖAₖ), αₖ = mean over positions of dY/dAₖ, and its map in 8 bits.</summary>
/// <remarks>Selvaraju 2017, eq. 1 and 2. Each sum has one order (positions, then channels), which no vector width and no
/// batch size changes; <see cref="GradCamKernels"/> adds in the same order.</remarks>
public static class GradCamSimd
{
    /// <summary>Channels whose sums run side by side: additions of one channel wait for each other.</summary>
    private const int ChannelsAtOnce = 4;

    /// <summary>Computes the maps of a batch.</summary>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="gradients">dY/dA of the explained class, fp32 [N, K, H, W].</param>
    /// <param name="films">N, 0 or more.</param>
    /// <param name="shape">K, H and W.</param>
    /// <param name="cam">L, fp32 [N, H, W], written completely: ≥ 0 or NaN, in logit units, not normalised.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public static void Compute(
        ReadOnlySpan<float> featureMaps, ReadOnlySpan<float> gradients, int films, FeatureMapShape shape, Span<float> cam)
    {
        if (featureMaps.Length != films * shape.Length) throw new ArgumentException("not N · K · H · W", nameof(featureMaps));
        if (gradients.Length != featureMaps.Length) throw new ArgumentException("not N · K · H · W", nameof(gradients));
        if (cam.Length != films * shape.Positions) throw new ArgumentException("not N · H · W", nameof(cam));

        Span<float> alpha = stackalloc float[ChannelsAtOnce];
        for (var film = 0; film < films; film++)
        {
            var map = cam.Slice(film * shape.Positions, shape.Positions);
            map.Clear();
            for (var k = 0; k < shape.Channels; k += ChannelsAtOnce)
            {
                var channels = Math.Min(ChannelsAtOnce, shape.Channels - k);
                var first = film * shape.Length + k * shape.Positions;
                var length = channels * shape.Positions;
                MeanOfPositions(gradients.Slice(first, length), shape.Positions, alpha[..channels]);
                AddWeighted(featureMaps.Slice(first, length), alpha[..channels], map);
            }

            Rectify(map);
        }
    }

    /// <summary>Each map divided by its maximum, as round(255 · L / max): the coarse map of a row.</summary>
    /// <param name="cam">L, fp32 [N, H, W].</param>
    /// <param name="films">N.</param>
    /// <param name="shape">H and W.</param>
    /// <param name="map8">[N, H, W]: 255 at the maximum; all 0 where the map is empty or not finite.</param>
    /// <param name="peaks">[N]: maximum of each map in logit units; 0 of an empty map, NaN or ∞ of one that is not finite.</param>
    /// <exception cref="ArgumentException">A span of another length.</exception>
    public static void Normalise(
        ReadOnlySpan<float> cam, int films, FeatureMapShape shape, Span<byte> map8, Span<float> peaks)
    {
        if (cam.Length != films * shape.Positions) throw new ArgumentException("not N · H · W", nameof(cam));
        if (map8.Length != cam.Length) throw new ArgumentException("not N · H · W", nameof(map8));
        if (peaks.Length != films) throw new ArgumentException("not N", nameof(peaks));

        for (var film = 0; film < films; film++)
        {
            var map = cam.Slice(film * shape.Positions, shape.Positions);
            var target = map8.Slice(film * shape.Positions, shape.Positions);
            var peak = peaks[film] = Peak(map);
            if (peak > 0 && float.IsFinite(peak))
                for (var i = 0; i < map.Length; i++) target[i] = (byte)(map[i] / peak * 255f + 0.5f);
            else target.Clear();
        }
    }

    private static void MeanOfPositions(ReadOnlySpan<float> gradients, int positions, Span<float> alpha)
    {
        if (alpha.Length == ChannelsAtOnce)
        {
            var g0 = gradients[..positions];
            var g1 = gradients.Slice(positions, positions);
            var g2 = gradients.Slice(2 * positions, positions);
            var g3 = gradients.Slice(3 * positions, positions);
            var (s0, s1, s2, s3) = (0f, 0f, 0f, 0f);
            for (var i = 0; i < g0.Length; i++)
            {
                s0 += g0[i];
                s1 += g1[i];
                s2 += g2[i];
                s3 += g3[i];
            }

            (alpha[0], alpha[1], alpha[2], alpha[3]) = (s0 / positions, s1 / positions, s2 / positions, s3 / positions);
            return;
        }

        for (var k = 0; k < alpha.Length; k++)
        {
            var sum = 0f;
            foreach (var gradient in gradients.Slice(k * positions, positions)) sum += gradient;
            alpha[k] = sum / positions;
        }
    }

    /// <summary>cam += α₀A₀, then + α₁A₁, ...: channel after channel in each position, positions side by side.</summary>
    private static void AddWeighted(ReadOnlySpan<float> featureMaps, ReadOnlySpan<float> alpha, Span<float> cam)
    {
        ref var a = ref MemoryMarshal.GetReference(featureMaps);
        var position = 0;
        for (; position <= cam.Length - Vector<float>.Count; position += Vector<float>.Count)
        {
            var sum = new Vector<float>(cam[position..]);
            for (var k = 0; k < alpha.Length; k++)
                sum += alpha[k] * Vector.LoadUnsafe(ref a, (nuint)(k * cam.Length + position));
            sum.CopyTo(cam[position..]);
        }

        for (; position < cam.Length; position++)
            for (var k = 0; k < alpha.Length; k++)
                cam[position] += alpha[k] * Unsafe.Add(ref a, k * cam.Length + position);
    }

    private static void Rectify(Span<float> cam)
    {
        foreach (ref var value in cam)
            value = value < 0f ? 0f : value; // not Max(0, value): NaN must reach the row's status
    }

    /// <summary>The maximum, or NaN when any value is NaN.</summary>
    private static float Peak(ReadOnlySpan<float> cam)
    {
        var peak = 0f;
        foreach (var value in cam)
        {
            if (float.IsNaN(value)) return value;
            if (value > peak) peak = value;
        }

        return peak;
    }
}
