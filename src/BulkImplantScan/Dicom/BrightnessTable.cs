using System.Buffers;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>A table of the whole pipeline, one entry a stored value: where four numbers do not say it.</summary>
internal static class BrightnessTable
{
    /// <summary>Brightness of a stored value before presentation.</summary>
    internal interface IBrightness
    {
        /// <summary>Within [0, 1], but for rounding.</summary>
        double Of(int stored);
    }

    /// <summary>Compiles the table, into rented memory.</summary>
    /// <param name="domain">Stored values.</param>
    /// <param name="padding">Those that are black whatever else holds.</param>
    /// <param name="isInverted">Bright and dark are exchanged.</param>
    /// <param name="brightness">A struct, so that the loop has no call.</param>
    public static GrayscaleTransform Of<T>(StoredDomain domain, PixelPadding padding, bool isInverted, T brightness)
        where T : struct, IBrightness
    {
        var rented = ArrayPool<float>.Shared.Rent(domain.Count);
        var table = rented.AsSpan(0, domain.Count);
        for (var i = 0; i < table.Length; i++) table[i] = (float)Present(brightness.Of(domain.First + i), isInverted);
        if (!padding.IsNone)
        {
            var black = Math.Clamp((long)padding.First - domain.First, 0, table.Length);
            var end = Math.Clamp((long)padding.Last - domain.First + 1, black, table.Length);
            table[(int)black..(int)end].Clear();
        }

        // Beyond both ends the table's first and last entry hold: what repeats them there need not be kept.
        int first = 0, last = table.Length - 1;
        while (first < last && table[first + 1] == table[first]) first++;
        while (last > first && table[last - 1] == table[last]) last--;
        return GrayscaleTransform.FromTable(domain.First + first, rented.AsMemory(first, last + 1 - first), rented);
    }

    /// <summary>Clamped to [0, 1] and inverted where that is so.</summary>
    public static double Present(double brightness, bool isInverted)
    {
        var clamped = Math.Clamp(brightness, 0, 1);
        return isInverted ? 1 - clamped : clamped;
    }

    /// <summary>Modality LUT, then VOI LUT.</summary>
    public readonly struct Looked(ModalityLut modality, LookupTable voi) : IBrightness
    {
        private readonly double _scale = 1.0 / voi.Top;

        public double Of(int stored) => voi.Apply(modality.Apply(stored)) * _scale;
    }

    /// <summary>A rescale that only adds a whole number, as nearly all do, then VOI LUT.</summary>
    public readonly struct LookedWhole(int intercept, LookupTable voi) : IBrightness
    {
        private readonly double _scale = 1.0 / voi.Top;

        public double Of(int stored) => voi.Apply(stored + intercept) * _scale;
    }

    /// <summary>Modality LUT, then a window.</summary>
    public readonly struct Windowed(ModalityLut modality, VoiWindow window) : IBrightness
    {
        public double Of(int stored) => window.Apply(modality.Apply(stored));
    }
}
