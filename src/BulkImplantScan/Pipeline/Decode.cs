using System.Buffers.Binary;
using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Bytes of a film in; its stored pixels and their grayscale transform out, or the reason why there are none.</summary>
internal sealed class Decode(PixelBufferPool pool, long pixelHashSeed, DecodeSettings settings)
{
    [ThreadStatic]
    private static DicomDataset? _dataset;

    /// <summary>The seed of the pixel hashes that a site key gives.</summary>
    public static long Seed(SiteKey key) =>
        BinaryPrimitives.ReadInt64LittleEndian(HMACSHA256.HashData(key.Secret, "pixels"u8));

    /// <summary>Decodes one film; called by several workers at a time.</summary>
    public FilmInFlight Run(FilmInFlight film)
    {
        if (film.File is null) return film; // turned away before
        try
        {
            Read(film, film.File);
            film.File?.Dispose();
            film.File = null;
            return film;
        }
        catch (Exception e)
        {
            film.Dispose();
            throw new ScanFaultException("decode", film.Film.FilmKey, e);
        }
    }

    private void Read(FilmInFlight film, FileBytes file)
    {
        if (PictureMagic.Of(file.Span) is { } format)
        {
            ReadPicture(film, file, format);
            return;
        }

        var dataset = _dataset ??= new();
        using var parsed = ParsedFile.Open(file.Span, dataset, pool);
        var bytes = parsed.Bytes;
        if (parsed.Outcome.Status != ParseStatus.Ok)
        {
            // The index parsed this very header, so the bytes are no longer those.
            // Only of a deflated one it did not see the end.
            var reason = parsed.Outcome.Status == ParseStatus.InflatedTooLarge ? Reason.DecodedTooLarge : Reason.ChangedSinceIndex;
            film.TurnAway(reason, parsed.Outcome.Detail, parsed.Outcome.Offset);
            return;
        }

        var decoded = FrameDecoder.Decode(bytes, dataset, film.Film.Frame, settings, pool);
        film.Note(row => row with { Decoder = decoded.Decoder });
        if (decoded.Pixels is not { } pixels)
        {
            film.TurnAway(decoded.Reason, decoded.Detail, decoded.FileOffset);
            return;
        }

        film.Pixels = pixels;
        if (decoded.ReducedLevels > 0) film.Note(row => row with { Notes = [.. row.Notes, $"reduced_{decoded.ReducedLevels}"] });
        var hash = FilmHash.Of(pixels, pixelHashSeed);
        film.Note(row => row with { PixelHash = hash });

        // The hash is of the pixels as stored, before anything is done to them.
        var gray = GrayFilm.Of(bytes, dataset, decoded, pool);
        film.Pixels = gray.Pixels;
        if (gray.Notes.Length > 0) film.Note(row => row with { Notes = [.. row.Notes, .. gray.Notes] });
        if (gray.Pixels is not { } shown)
            film.TurnAway(gray.Reason, gray.Detail);
        else if (PixelSanity.Check(shown) is { } seen)
            film.TurnAway(Reason.ImplausiblePixels, seen);
        else
        {
            var grayscale = GrayscalePipeline.Compile(bytes, dataset, film.Film.Frame, gray);
            film.Transform = grayscale.Transform;
            film.Note(row => row with { Voi = grayscale.Voi });
        }
    }

    /// <summary>An exported picture: the same as above, but there is no header to ask.</summary>
    private void ReadPicture(FilmInFlight film, FileBytes file, PictureFormat format)
    {
        var decoded = PictureDecoder.Decode(file.Span, format, film.Film.Frame, pool);
        film.Note(row => row with { Decoder = format.InRow(), Notes = decoded.Notes });
        if (decoded.Pixels is not { } pixels)
        {
            film.TurnAway(decoded.Reason, decoded.Detail, decoded.FileOffset);
            return;
        }

        film.Pixels = pixels;
        var hash = FilmHash.Of(pixels, pixelHashSeed);
        film.Note(row => row with { PixelHash = hash });
        if (PixelSanity.Check(pixels) is { } seen)
        {
            film.TurnAway(Reason.ImplausiblePixels, seen);
            return;
        }

        if (pixels.SamplesPerPixel == 3)
        {
            film.Pixels = pixels = PictureColour.Luminance(pixels, pool);
            film.Note(row => row with { Notes = [.. row.Notes, "luminance"] });
        }

        var grayscale = PictureGrayscale.Compile(pixels, decoded.IsInverted);
        film.Transform = grayscale.Transform;
        film.Note(row => row with { Voi = grayscale.Voi });
    }
}
