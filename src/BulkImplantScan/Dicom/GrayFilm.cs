using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Dicom;

/// <summary>One frame with one sample of at most 16 bits a pixel, whatever was decoded: what a film is shown, resampled and judged
/// from; or the reason why it cannot be made so.</summary>
/// <remarks>Grey of at most 16 bits is taken as it is. Colour becomes luminance (<see cref="LuminanceFilm"/>), palette colour
/// luminance of the palette (<see cref="PaletteFilm"/>), what is wider or floating point is scaled (<see cref="WideFilm"/>).</remarks>
public readonly record struct GrayFilm
{
    /// <summary>To be disposed by whoever takes them; null when there is a reason.</summary>
    public StoredPixels? Pixels { get; private init; }

    /// <summary>Why there are none; <see cref="Reason.None"/> when there are.</summary>
    public Reason Reason { get; private init; }

    /// <summary>As <see cref="FilmRow.Detail"/>.</summary>
    public string? Detail { get; private init; }

    /// <summary>Words of <see cref="DecodeNote"/>, in the order done.</summary>
    public string[] Notes { get; private init; }

    /// <summary>What the samples stand for in the file's own stored values.</summary>
    public SampleScale Scale { get; private init; }

    /// <summary>Luminance: made to be looked at as it is.</summary>
    public bool IsColour { get; private init; }

    /// <summary>Samples that are no film.</summary>
    internal PixelPadding Padding { get; private init; }

    /// <summary>Makes one frame grey.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from (inflated, when it was deflated).</param>
    /// <param name="dataset">The film's header.</param>
    /// <param name="decoded">With pixels; they are this call's from now on: returned, or given back.</param>
    /// <param name="pool">Gives memory for the grey ones.</param>
    /// <exception cref="ArgumentException">No pixels.</exception>
    public static GrayFilm Of(ReadOnlySpan<byte> file, DicomDataset dataset, in DecodeOutcome decoded, PixelBufferPool pool)
    {
        if (decoded.Pixels is not { } pixels) throw new ArgumentException("no pixels", nameof(decoded));
        if (decoded.LacksSign) pixels.ExtendSign();
        var description = dataset.DescribePixels(file);
        var film = pixels.SamplesPerPixel != 1 ? LuminanceFilm.Of(pixels, description.Photometric, pool)
            : pixels.BytesPerSample > 2 ? WideFilm.Of(file, dataset, pixels, pool)
            : description.Photometric == "PALETTE COLOR" ? PaletteFilm.Of(file, dataset, pixels, pool)
            : AsStored(file, dataset, pixels);
        if (film.Pixels != pixels) pixels.Dispose();
        if (decoded.HadMoreBits) film = film with { Notes = [DecodeNote.BitsStoredRaised, .. film.Notes] };
        return decoded.HadOverlayBits ? film with { Notes = [DecodeNote.OverlayBits, .. film.Notes] } : film;
    }

    /// <summary>Grey of at most 16 bits.</summary>
    internal static GrayFilm AsStored(ReadOnlySpan<byte> file, DicomDataset dataset, StoredPixels pixels) =>
        Grey(pixels, SampleScale.One, PixelPadding.Read(file, dataset, pixels), []);

    internal static GrayFilm Grey(StoredPixels pixels, SampleScale scale, PixelPadding padding, string[] notes) =>
        new() { Pixels = pixels, Scale = scale, Padding = padding, Notes = notes };

    internal static GrayFilm Colour(StoredPixels luminance, string note) =>
        new() { Pixels = luminance, Scale = SampleScale.One, Padding = PixelPadding.None, Notes = [note], IsColour = true };

    internal static GrayFilm Failed(Reason reason, string detail) => new() { Reason = reason, Detail = detail, Notes = [] };
}
