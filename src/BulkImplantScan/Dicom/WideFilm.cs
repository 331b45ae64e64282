using System.Numerics;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>Samples of 32 bits and floating point → 16 bits over the range that the film has.</summary>
/// <remarks>Padding and what is no finite number become 0, and everything else at least 1, so that it stays apart.</remarks>
internal static class WideFilm
{
    private const int Most = ushort.MaxValue;

    /// <summary>The film in 16 bits.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds the padding.</param>
    /// <param name="pixels">One sample of kind U32, S32, F32 or F64 a pixel.</param>
    /// <param name="pool">Gives the memory.</param>
    public static GrayFilm Of(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels, PixelBufferPool pool) => pixels.Kind switch
    {
        SampleKind.U32 when pixels.BitsStored <= 16 => Narrow<uint>(file, dataset, pixels, SampleKind.U16, pool),
        SampleKind.S32 when pixels.BitsStored <= 16 => Narrow<int>(file, dataset, pixels, SampleKind.S16, pool),
        SampleKind.U32 => Scale<uint>(pixels, Padding(file, dataset, pixels), isWhole: true, pool),
        SampleKind.S32 => Scale<int>(pixels, Padding(file, dataset, pixels), isWhole: true, pool),
        SampleKind.F32 => Scale<float>(
            pixels, Padding(file, dataset, DicomTags.FloatPixelPaddingValue, DicomTags.FloatPixelPaddingRangeLimit), isWhole: false, pool),
        _ => Scale<double>(
            pixels, Padding(file, dataset, DicomTags.DoubleFloatPixelPaddingValue, DicomTags.DoubleFloatPixelPaddingRangeLimit),
            isWhole: false, pool),
    };

    /// <summary>32 bits allocated for samples of at most 16: nothing is lost.</summary>
    private static GrayFilm Narrow<T>(
        ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels, SampleKind kind, PixelBufferPool pool)
        where T : unmanaged, IBinaryInteger<T>
    {
        var film = new StoredPixels(pool.Rent(2L * pixels.SampleCount), kind, pixels.Rows, pixels.Columns, 1, pixels.BitsStored) { Reduction = pixels.Reduction };
        var source = pixels.Samples<T>();
        var target = film.Samples<ushort>();
        for (var i = 0; i < target.Length; i++) target[i] = ushort.CreateTruncating(source[i]);
        return GrayFilm.AsStored(file, dataset, film);
    }

    private static GrayFilm Scale<T>(StoredPixels pixels, Range padding, bool isWhole, PixelBufferPool pool)
        where T : unmanaged, INumber<T>
    {
        var samples = pixels.Samples<T>();
        var (range, isPadded) = Film(samples, padding);
        if (range.IsEmpty) (range, isPadded) = Film(samples, padding = Range.Empty); // padding that covers the whole film is not trusted
        if (range.IsEmpty) return GrayFilm.Failed(Reason.ImplausiblePixels, "no finite value");

        // Halves first: the distance of two finite numbers need not be one. Whole numbers that fit are kept as they are.
        var least = isPadded ? 1 : 0;
        var step = range.Last / (Most - least) - range.First / (Most - least);
        if (step == 0 || isWhole && step <= 1) step = 1;

        var film = new StoredPixels(pool.Rent(2L * pixels.SampleCount), SampleKind.U16, pixels.Rows, pixels.Columns, 1, 16) { Reduction = pixels.Reduction };
        var target = film.Samples<ushort>();
        for (var i = 0; i < target.Length; i++)
        {
            var value = double.CreateTruncating(samples[i]);
            target[i] = IsFilm(value, padding)
                ? (ushort)Math.Clamp(least + Math.Round((value - range.First) / step), least, Most)
                : (ushort)0;
        }

        return GrayFilm.Grey(
            film, new(range.First - least * step, step), isPadded ? new(0, 0) : PixelPadding.None,
            isWhole && step == 1 ? [] : [DecodeNote.ScaledTo16Bits]);
    }

    private static (Range Film, bool IsPadded) Film<T>(ReadOnlySpan<T> samples, Range padding) where T : unmanaged, INumber<T>
    {
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        var isPadded = false;
        foreach (var sample in samples)
        {
            var value = double.CreateTruncating(sample);
            if (!IsFilm(value, padding))
            {
                isPadded = true;
                continue;
            }

            first = Math.Min(first, value);
            last = Math.Max(last, value);
        }

        return (new(first, last), isPadded);
    }

    // What single precision calls infinite is no brightness: so no double here can overflow.
    private static bool IsFilm(double value, Range padding) =>
        float.IsFinite((float)value) && !(value >= padding.First && value <= padding.Last);

    private static Range Padding(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels)
    {
        var padding = PixelPadding.Read(file, dataset, pixels);
        return padding.IsNone ? Range.Empty : new(padding.First, padding.Last);
    }

    private static Range Padding(ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag valueTag, DicomTag limitTag)
    {
        if (dataset.GetDouble(file, valueTag) is not { } value) return Range.Empty;
        var limit = dataset.GetDouble(file, limitTag) ?? value;
        return new(Math.Min(value, limit), Math.Max(value, limit));
    }

    private readonly record struct Range(double First, double Last)
    {
        public static Range Empty => new(double.PositiveInfinity, double.NegativeInfinity);

        public bool IsEmpty => Last < First;
    }
}
