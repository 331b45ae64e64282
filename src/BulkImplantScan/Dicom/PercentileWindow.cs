using System.Buffers;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>The window of a film that brings none, or none that shows it: from 1 % to 99 % of its own pixels in the field of view.</summary>
internal static class PercentileWindow
{
    private const double LowShare = 0.01;
    private const double HighShare = 0.99;

    /// <summary>The window, padding left out unless there is nothing else.</summary>
    /// <param name="domain">Stored values.</param>
    /// <param name="padding">Becomes none when it covers the whole film: the attribute lies, or there is nothing to see.</param>
    /// <param name="modality">In whose output the window is.</param>
    /// <param name="pixels">One sample a pixel, of at most 16 bits.</param>
    /// <param name="field">The part of them that counts.</param>
    public static VoiWindow Of(
        StoredDomain domain, ref PixelPadding padding, in ModalityLut modality, StoredPixels pixels, FieldOfView field)
    {
        var counters = ArrayPool<int>.Shared.Rent(StoredHistogram.LengthFor(pixels));
        var values = ArrayPool<double>.Shared.Rent(domain.Count);
        var weights = ArrayPool<int>.Shared.Rent(domain.Count);
        try
        {
            var histogram = StoredHistogram.Count(pixels, field, counters);
            var count = Collect(histogram, domain, padding, modality, values, weights);
            if (count == 0)
            {
                padding = PixelPadding.None;
                count = Collect(histogram, domain, padding, modality, values, weights);
            }

            // In the order of the Modality LUT's output, which a table or a negative slope may turn round.
            if (!modality.IsLinear) Array.Sort(values, weights, 0, count);
            else if (modality.Slope < 0)
            {
                Array.Reverse(values, 0, count);
                Array.Reverse(weights, 0, count);
            }

            var given = values.AsSpan(0, count);
            var times = weights.AsSpan(0, count);
            double low = Percentile(given, times, LowShare), high = Percentile(given, times, HighShare);
            if (!(high > low)) (low, high) = (given[0], given[^1]);
            if (!(high > low)) (low, high) = (low - 0.5, low + 0.5); // constant: mid-grey
            return new(VoiWindow.Kind.LinearExact, (low + high) / 2, high - low);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(counters);
            ArrayPool<double>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(weights);
        }
    }

    private static int Collect(
        ReadOnlySpan<int> histogram, StoredDomain domain, PixelPadding padding, in ModalityLut modality, double[] values, int[] weights)
    {
        var count = 0;
        for (var stored = domain.First; stored <= domain.Last; stored++)
        {
            var weight = histogram[stored & (histogram.Length - 1)];
            if (weight == 0 || padding.Contains(stored)) continue;
            values[count] = modality.Apply(stored);
            weights[count++] = weight;
        }

        return count;
    }

    /// <summary>Smallest value with at least <paramref name="share"/> of all pixels at or below it.</summary>
    private static double Percentile(ReadOnlySpan<double> values, ReadOnlySpan<int> weights, double share)
    {
        long total = 0;
        foreach (var weight in weights) total += weight;
        var wanted = share * total;
        long seen = 0;
        for (var i = 0; i < values.Length; i++)
        {
            seen += weights[i];
            if (seen >= wanted) return values[i];
        }

        return values[^1];
    }
}
