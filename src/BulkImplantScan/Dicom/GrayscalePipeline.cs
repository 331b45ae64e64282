using System.Buffers;
using System.Numerics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Compiles the grayscale pipeline of the standard for one film: padding → Modality LUT → VOI → presentation
/// (PS3.3 C.11, PS3.4 N.2).</summary>
/// <remarks>docs/dicom.md has the table of what is done where a file contradicts itself or the standard.</remarks>
public static class GrayscalePipeline
{
    // A VOI that shows a film in less than one step of an 8-bit screen misses it.
    private const float LeastContrast = 1f / 256;

    // Closed form (fp32) and table (from fp64) must not differ by more: one step of 16 bits. What fp32 rounding makes of a narrow
    // window far from 0 stays below it; a real difference (a step, a knee elsewhere) does not.
    private const double LinearTolerance = 1.0 / 65535;

    private const double LowPercentile = 0.01;
    private const double HighPercentile = 0.99;
    private const int MaxTableBits = 16;

    /// <summary>How one film is shown that has no border.</summary>
    /// <inheritdoc cref="Compile(ReadOnlySpan{byte}, DicomDataset, StoredPixels, FieldOfView)"/>
    public static CompiledGrayscale Compile(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels) =>
        Compile(file, dataset, pixels, FieldOfView.Whole(pixels));

    /// <summary>How one film is shown.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from (inflated, when it was deflated).</param>
    /// <param name="dataset">The film's header.</param>
    /// <param name="pixels">Its stored pixels, one sample a pixel.</param>
    /// <param name="field">The part of the film that windowing looks at: what lies beside it must not choose the brightness.</param>
    /// <exception cref="ArgumentException">Colour: there is no grayscale pipeline for it.</exception>
    /// <remarks>The first that shows the film at all: first item of the VOI LUT Sequence; first window; percentile window, from
    /// the values at 1 % and 99 % of the field without its padding.</remarks>
    public static CompiledGrayscale Compile(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels, FieldOfView field)
    {
        if (pixels.SamplesPerPixel != 1) throw new ArgumentException("one sample per pixel expected", nameof(pixels));

        var domain = Domain.Of(pixels);
        var padding = PixelPadding.Read(file, dataset, pixels);
        var modality = ModalityLut.Read(file, dataset, domain.First < 0);
        var isInverted = IsInverted(file, dataset);
        var window = VoiWindow.Read(file, dataset);
        if (domain.Count > 1 << MaxTableBits) return CompileWide(pixels, domain, modality, window, isInverted);

        var isModalitySigned = Math.Min(modality.Apply(domain.First), modality.Apply(domain.Last)) < 0;
        if (LookupTable.Read(file, dataset, DicomTags.VoiLutSequence, isModalitySigned) is { } voiLut)
        {
            var transform = Table(domain, padding, isInverted, stored => (double)voiLut.Apply(modality.Apply(stored)) / voiLut.Top);
            if (Shows(transform, pixels, field, padding)) return new(transform, "voi-lut");
        }

        if (window is { } given)
        {
            var transform = Window(domain, padding, modality, given, isInverted);
            if (Shows(transform, pixels, field, padding)) return new(transform, given.Name);
        }

        var own = PercentileWindow(domain, ref padding, modality, pixels, field);
        return new(Window(domain, padding, modality, own, isInverted), "percentile");
    }

    /// <summary>Whether bright and dark are exchanged: once, or not at all.</summary>
    /// <remarks>Presentation LUT Shape and MONOCHROME1 are two words for one inversion: an image with MONOCHROME1 shall say INVERSE
    /// where its module has the shape (PS3.3 C.8.11.1, DX), and CR has no shape. Where they contradict each other the shape holds,
    /// because it says what the output is; DCMTK and dcm4che do the same.</remarks>
    internal static bool IsInverted(ReadOnlySpan<byte> file, DicomDataset dataset) =>
        dataset.GetString(file, DicomTags.PresentationLutShape) switch
        {
            "INVERSE" => true,
            "IDENTITY" => false,
            _ => dataset.GetString(file, DicomTags.PhotometricInterpretation) == "MONOCHROME1",
        };

    private static GrayscaleTransform Window(
        Domain domain, PixelPadding padding, ModalityLut modality, VoiWindow window, bool isInverted) =>
        TryLinear(domain, padding, modality, window, isInverted)
        ?? Table(domain, padding, isInverted, stored => window.Apply(modality.Apply(stored)));

    /// <summary>The four numbers, when they say the same as the table would; else null.</summary>
    private static GrayscaleTransform? TryLinear(
        Domain domain, PixelPadding padding, ModalityLut modality, VoiWindow window, bool isInverted)
    {
        if (!modality.IsLinear || window.Function == VoiWindow.Kind.Sigmoid || window.RampWidth == 0) return null;
        var start = (window.RampStart - modality.Intercept) / modality.Slope;
        var end = (window.RampStart + window.RampWidth - modality.Intercept) / modality.Slope;
        float low = (float)Math.Min(start, end), high = (float)Math.Max(start, end);
        if (!(high > low) || !float.IsFinite(high - low)) return null;

        var linear = GrayscaleTransform.Linear(low, high, isInverted ^ modality.Slope < 0);
        return Agrees(linear, domain, padding, modality, window, isInverted) ? linear : null;
    }

    // The difference of two ramps is largest where one of them bends or at an end of the domain.
    private static bool Agrees(
        GrayscaleTransform linear, Domain domain, PixelPadding padding, ModalityLut modality, VoiWindow window, bool isInverted)
    {
        ReadOnlySpan<double> places =
        [
            domain.First, domain.Last, Math.Floor(linear.Low), Math.Ceiling(linear.Low), Math.Floor(linear.High), Math.Ceiling(linear.High),
        ];
        foreach (var place in places)
        {
            var stored = (int)Math.Clamp(place, domain.First, domain.Last);
            var expected = Present(window.Apply(modality.Apply(stored)), isInverted);
            if (Math.Abs(linear.Apply(stored) - expected) > LinearTolerance) return false;
        }

        // Padding is black; the line must be so by itself, at both ends and so between.
        var first = Math.Max(padding.First, (long)domain.First);
        var last = Math.Min(padding.Last, (long)domain.Last);
        return first > last || linear.Apply((int)first) == 0 && linear.Apply((int)last) == 0;
    }

    private static GrayscaleTransform Table(Domain domain, PixelPadding padding, bool isInverted, Func<int, double> brightness)
    {
        var scratch = ArrayPool<float>.Shared.Rent((int)domain.Count);
        try
        {
            var table = scratch.AsSpan(0, (int)domain.Count);
            for (var i = 0; i < table.Length; i++)
            {
                var stored = domain.First + i;
                table[i] = padding.Contains(stored) ? 0 : (float)Present(brightness(stored), isInverted);
            }

            // Beyond both ends the table's first and last entry hold: what repeats them there need not be kept.
            int first = 0, last = table.Length - 1;
            while (first < last && table[first + 1] == table[first]) first++;
            while (last > first && table[last - 1] == table[last]) last--;
            return GrayscaleTransform.FromTable(domain.First + first, table[first..(last + 1)].ToArray());
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private static double Present(double brightness, bool isInverted)
    {
        var clamped = Math.Clamp(brightness, 0, 1);
        return isInverted ? 1 - clamped : clamped;
    }

    /// <summary>Whether the field, without its padding, spans at least <see cref="LeastContrast"/>; ends at the first pixels that tell.</summary>
    private static bool Shows(
        GrayscaleTransform transform, StoredPixels pixels, FieldOfView field, PixelPadding padding) => pixels.Kind switch
    {
        SampleKind.U8 => Shows(transform, pixels.Samples<byte>(), pixels.Columns, field, padding),
        SampleKind.S8 => Shows(transform, pixels.Samples<sbyte>(), pixels.Columns, field, padding),
        SampleKind.U16 => Shows(transform, pixels.Samples<ushort>(), pixels.Columns, field, padding),
        SampleKind.S16 => Shows(transform, pixels.Samples<short>(), pixels.Columns, field, padding),
        SampleKind.U32 => Shows(transform, pixels.Samples<uint>(), pixels.Columns, field, padding),
        _ => Shows(transform, pixels.Samples<int>(), pixels.Columns, field, padding),
    };

    private static bool Shows<T>(
        GrayscaleTransform transform, ReadOnlySpan<T> samples, int columns, FieldOfView field, PixelPadding padding)
        where T : IBinaryInteger<T>
    {
        float darkest = float.MaxValue, brightest = float.MinValue;
        for (var row = field.Top; row < field.Top + field.Rows; row++)
        {
            foreach (var sample in samples.Slice(row * columns + field.Left, field.Columns))
            {
                var stored = int.CreateTruncating(sample);
                if (padding.Contains(stored)) continue;
                var brightness = transform.Apply(stored);
                darkest = Math.Min(darkest, brightness);
                brightest = Math.Max(brightest, brightness);
                if (brightest - darkest >= LeastContrast) return true;
            }
        }

        return false;
    }

    /// <summary>Window from 1 % to 99 % of the field's pixels, padding left out unless there is nothing else.</summary>
    private static VoiWindow PercentileWindow(
        Domain domain, ref PixelPadding padding, ModalityLut modality, StoredPixels pixels, FieldOfView field)
    {
        var counts = ArrayPool<int>.Shared.Rent((int)domain.Count);
        try
        {
            var histogram = counts.AsSpan(0, (int)domain.Count);
            histogram.Clear();
            switch (pixels.Kind)
            {
                case SampleKind.U8: Count(pixels.Samples<byte>(), pixels.Columns, field, domain.First, histogram); break;
                case SampleKind.S8: Count(pixels.Samples<sbyte>(), pixels.Columns, field, domain.First, histogram); break;
                case SampleKind.U16: Count(pixels.Samples<ushort>(), pixels.Columns, field, domain.First, histogram); break;
                case SampleKind.S16: Count(pixels.Samples<short>(), pixels.Columns, field, domain.First, histogram); break;
                case SampleKind.U32: Count(pixels.Samples<uint>(), pixels.Columns, field, domain.First, histogram); break;
                default: Count(pixels.Samples<int>(), pixels.Columns, field, domain.First, histogram); break;
            }

            var (values, weights) = Collect(histogram, domain, padding, modality);
            if (values.Length == 0)
            {
                padding = PixelPadding.None; // a film of padding only: the attribute lies, or there is nothing to see
                (values, weights) = Collect(histogram, domain, padding, modality);
            }

            // In the order of the Modality LUT's output, which a table or a negative slope may turn round.
            Array.Sort(values, weights);
            double low = Percentile(values, weights, LowPercentile), high = Percentile(values, weights, HighPercentile);
            if (!(high > low)) (low, high) = (values[0], values[^1]);
            if (!(high > low)) (low, high) = (low - 0.5, low + 0.5); // constant: mid-grey
            return new(VoiWindow.Kind.LinearExact, (low + high) / 2, high - low);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    private static void Count<T>(ReadOnlySpan<T> samples, int columns, FieldOfView field, int first, Span<int> histogram)
        where T : IBinaryInteger<T>
    {
        for (var row = field.Top; row < field.Top + field.Rows; row++)
        {
            foreach (var sample in samples.Slice(row * columns + field.Left, field.Columns))
                histogram[int.CreateTruncating(sample) - first]++;
        }
    }

    private static (double[] Values, int[] Weights) Collect(
        ReadOnlySpan<int> histogram, Domain domain, PixelPadding padding, ModalityLut modality)
    {
        var values = new List<double>();
        var weights = new List<int>();
        for (var i = 0; i < histogram.Length; i++)
        {
            if (histogram[i] == 0 || padding.Contains(domain.First + i)) continue;
            values.Add(modality.Apply(domain.First + i));
            weights.Add(histogram[i]);
        }

        return ([.. values], [.. weights]);
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

    /// <summary>More than 16 bits stored (dose grids): no table; the window as a line, else the film's whole range.</summary>
    private static CompiledGrayscale CompileWide(
        StoredPixels pixels, Domain domain, ModalityLut modality, VoiWindow? window, bool isInverted)
    {
        if (window is { } given && TryLinear(domain, PixelPadding.None, modality, given, isInverted) is { } linear)
            return new(linear, given.Name);

        var (min, max) = pixels.Kind == SampleKind.U32 ? Range<uint>(pixels.Samples<uint>()) : Range<int>(pixels.Samples<int>());
        float low = min, high = max;
        if (!(high > low)) (low, high) = (low * (1 - 1e-6f) - 1, high * (1 + 1e-6f) + 1);
        return new(GrayscaleTransform.Linear(Math.Min(low, high), Math.Max(low, high), isInverted ^ modality.Slope < 0), "percentile");
    }

    private static (long Min, long Max) Range<T>(ReadOnlySpan<T> samples) where T : IBinaryInteger<T>
    {
        T min = samples[0], max = samples[0];
        foreach (var sample in samples) (min, max) = (T.Min(min, sample), T.Max(max, sample));
        return (long.CreateTruncating(min), long.CreateTruncating(max));
    }

    /// <summary>All values that Bits Stored allows.</summary>
    private readonly record struct Domain(int First, long Count)
    {
        public int Last => (int)Math.Min(First + Count - 1, int.MaxValue);

        public static Domain Of(StoredPixels pixels) => new(
            pixels.Kind is SampleKind.S8 or SampleKind.S16 or SampleKind.S32 ? -(int)(1L << pixels.BitsStored - 1) : 0,
            1L << pixels.BitsStored);
    }
}
