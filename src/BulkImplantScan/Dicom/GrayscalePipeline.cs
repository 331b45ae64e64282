using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom;

/// <summary>Compiles the grayscale pipeline of the standard for one film: padding → Modality LUT → VOI → presentation
/// (PS3.3 C.11, PS3.4 N.2).</summary>
/// <remarks>docs/dicom.md has the table of what is done where a file contradicts itself or the standard.</remarks>
public static class GrayscalePipeline
{
    // Closed form (fp32) and table (from fp64) must not differ by more: one step of 16 bits. What fp32 rounding makes of a narrow
    // window far from 0 stays below it; a real difference (a step, a knee elsewhere) does not.
    private const double LinearTolerance = 1.0 / 65535;

    [ThreadStatic]
    private static Items? _items;

    /// <summary>How the first frame of a grey film of up to 16 bits is shown.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from (inflated, when it was deflated).</param>
    /// <param name="dataset">The film's header.</param>
    /// <param name="pixels">Its stored pixels, one sample of at most 16 bits a pixel.</param>
    /// <exception cref="ArgumentException">Other pixels: <see cref="GrayFilm"/> makes them so.</exception>
    public static CompiledGrayscale Compile(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels) =>
        Compile(file, dataset, 1, GrayFilm.AsStored(file, dataset, pixels), FieldOfView.Whole(pixels));

    /// <summary>How one film is shown, with windowing that looks at all of it.</summary>
    /// <inheritdoc cref="Compile(ReadOnlySpan{byte}, DicomDataset, int, in GrayFilm, FieldOfView)"/>
    public static CompiledGrayscale Compile(ReadOnlySpan<byte> file, DicomDataset dataset, int frame, in GrayFilm film) =>
        film.Pixels is { } pixels
            ? Compile(file, dataset, frame, film, FieldOfView.Whole(pixels))
            : throw new ArgumentException("no pixels", nameof(film));

    /// <summary>How one film is shown.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from (inflated, when it was deflated).</param>
    /// <param name="dataset">The film's header.</param>
    /// <param name="frame">From 1: the frames of an enhanced object have windows of their own.</param>
    /// <param name="film">The frame, made grey, with pixels.</param>
    /// <param name="field">Pixels that windowing looks at; within the film.</param>
    /// <returns>Its transform may hold a rented table: to be disposed.</returns>
    /// <exception cref="ArgumentException">No pixels, several samples a pixel, or more than 16 bits.</exception>
    /// <remarks>The first that shows the film at all: first item of the VOI LUT Sequence; first window; percentile window, from
    /// the values at 1 % and 99 % of the field without its padding.</remarks>
    public static CompiledGrayscale Compile(ReadOnlySpan<byte> file, DicomDataset dataset, int frame, in GrayFilm film, FieldOfView field)
    {
        if (film.Pixels is not { SamplesPerPixel: 1, BytesPerSample: <= 2 } pixels)
            throw new ArgumentException("one sample per pixel of at most 16 bits expected", nameof(film));

        field = field.Samples(pixels);
        var domain = StoredDomain.Of(pixels);
        var padding = film.Padding;
        if (film.IsColour) return CompileColour(domain, padding, pixels, field);

        var items = _items ??= new();
        var modalityAt = FunctionalGroups.Find(
            file, dataset, frame, DicomTags.PixelValueTransformationSequence, items.Group, items.Modality);
        var isSigned = film.Scale.Apply(domain.First) < 0;
        using var modality = ModalityLut.Read(file, modalityAt, film.Scale, isSigned, items.Table);
        var voiAt = FunctionalGroups.Find(file, dataset, frame, DicomTags.FrameVoiLutSequence, items.Group, items.Voi);
        var isInverted = IsInverted(file, dataset);

        var isModalitySigned = Math.Min(modality.Apply(domain.First), modality.Apply(domain.Last)) < 0;
        if (LookupTable.Read(file, voiAt, DicomTags.VoiLutSequence, isModalitySigned, items.Table) is { } voiLut)
        {
            using (voiLut)
            {
                var transform = modality.WholeIntercept is { } intercept
                    ? BrightnessTable.Of(domain, padding, isInverted, new BrightnessTable.LookedWhole(intercept, voiLut))
                    : BrightnessTable.Of(domain, padding, isInverted, new BrightnessTable.Looked(modality, voiLut));
                if (FilmContrast.Shows(transform, pixels, field, padding)) return new(transform, "voi-lut");
                transform.Dispose();
            }
        }

        if (VoiWindow.Read(file, voiAt) is { } window)
        {
            var transform = Window(domain, padding, modality, window, isInverted);
            if (FilmContrast.Shows(transform, pixels, field, padding)) return new(transform, window.Name);
            transform.Dispose();
        }

        var own = PercentileWindow.Of(domain, ref padding, modality, pixels, field);
        return new(Window(domain, padding, modality, own, isInverted), "percentile");
    }

    /// <summary>Luminance of colour: made to be looked at as it is; neither Modality LUT nor VOI LUT nor polarity apply to it
    /// (PS3.3 C.7.6.3.1.2, C.11.2.1.2).</summary>
    private static CompiledGrayscale CompileColour(
        StoredDomain domain, PixelPadding padding, StoredPixels pixels, FieldOfView field)
    {
        var full = GrayscaleTransform.Linear(domain.First, domain.Last, inverted: false);
        if (FilmContrast.Shows(full, pixels, field, padding)) return new(full, "full-range");
        using var identity = ModalityLut.Identity;
        var own = PercentileWindow.Of(domain, ref padding, identity, pixels, field);
        return new(Window(domain, padding, identity, own, isInverted: false), "percentile");
    }

    /// <summary>Whether bright and dark are exchanged: once, or not at all.</summary>
    /// <remarks>Presentation LUT Shape and MONOCHROME1 are two words for one inversion: an image with MONOCHROME1 shall say INVERSE
    /// where its module has the shape (PS3.3 C.8.11.1, DX), and CR has no shape. Where they contradict each other the shape holds,
    /// because it says what the output is; DCMTK and dcm4che do the same.</remarks>
    internal static bool IsInverted(ReadOnlySpan<byte> file, DicomDataset dataset) =>
        dataset.IsText(file, DicomTags.PresentationLutShape, "INVERSE"u8)
        || !dataset.IsText(file, DicomTags.PresentationLutShape, "IDENTITY"u8)
        && dataset.IsText(file, DicomTags.PhotometricInterpretation, "MONOCHROME1"u8);

    private static GrayscaleTransform Window(
        StoredDomain domain, PixelPadding padding, in ModalityLut modality, VoiWindow window, bool isInverted) =>
        TryLinear(domain, padding, modality, window, isInverted)
        ?? BrightnessTable.Of(domain, padding, isInverted, new BrightnessTable.Windowed(modality, window));

    /// <summary>The four numbers, when they say the same as the table would; else null.</summary>
    private static GrayscaleTransform? TryLinear(
        StoredDomain domain, PixelPadding padding, in ModalityLut modality, VoiWindow window, bool isInverted)
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
        GrayscaleTransform linear, StoredDomain domain, PixelPadding padding, in ModalityLut modality, VoiWindow window, bool isInverted)
    {
        ReadOnlySpan<double> places =
        [
            domain.First, domain.Last, Math.Floor(linear.Low), Math.Ceiling(linear.Low), Math.Floor(linear.High), Math.Ceiling(linear.High),
        ];
        foreach (var place in places)
        {
            var stored = (int)Math.Clamp(place, domain.First, domain.Last);
            var expected = BrightnessTable.Present(window.Apply(modality.Apply(stored)), isInverted);
            if (Math.Abs(linear.Apply(stored) - expected) > LinearTolerance) return false;
        }

        // Padding is black; the line must be so by itself, at both ends and so between.
        var first = Math.Max(padding.First, domain.First);
        var last = Math.Min(padding.Last, domain.Last);
        return first > last || linear.Apply(first) == 0 && linear.Apply(last) == 0;
    }

    /// <summary>Items of sequences, one thread's: reading them costs no allocation.</summary>
    private sealed class Items
    {
        public DicomDataset Group { get; } = new();

        public DicomDataset Modality { get; } = new();

        public DicomDataset Voi { get; } = new();

        public DicomDataset Table { get; } = new();
    }
}
