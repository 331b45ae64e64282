using System.Buffers.Binary;
using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Pictures;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>The decoder of a scan: <see cref="FrameDecoder.Decode"/>, unless a test breaks it.</summary>
internal delegate DecodeOutcome DecodeFilm(
    ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool, PixelBuffer? holder);

/// <summary>Bytes of a film in; its stored pixels and their grayscale transform out, or the reason why there are none.</summary>
internal sealed class Decode(
    PixelBufferPool pool, long pixelHashSeed, InputGeometry input, DecodeSettings settings, ScanOptions options, DecodeFilm decodeFilm, SelfCheck selfCheck)
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
        catch (SelfCheckException)
        {
            film.Dispose();
            throw; // no fault of the film
        }
        catch (Exception e)
        {
            film.Dispose();
            throw new ScanFaultException("decode", film.Film.FilmKey, e);
        }
    }

    private void Read(FilmInFlight film, FileBytes bytes)
    {
        var dataset = _dataset ??= new();
        var file = bytes.Span;
        if (PictureMagic.Of(file) is { } format)
        {
            ReadPicture(film, file, format);
        }
        else if (options.SecondReader is { } second && second.Replace(file, dataset) is { } rewritten)
        {
            Read(film, rewritten, dataset, holder: null);
            film.Note(row => row with
            {
                Notes = [.. row.Notes, second.Note],
                FileOffset = null, // a place in what was written anew is none in the file
            });
        }
        else
        {
            Read(film, file, dataset, bytes.Buffer);
        }
    }

    private void Read(FilmInFlight film, ReadOnlySpan<byte> file, DicomDataset dataset, PixelBuffer? holder)
    {
        using var parsed = ParsedFile.Open(file, dataset, pool, holder);
        var bytes = parsed.Bytes;
        if (parsed.Outcome.Status != ParseStatus.Ok)
        {
            // The index parsed this very header, so the bytes are no longer those.
            // Only of a deflated one it did not see the end, and a second reader that read it then may give up now.
            var reason = parsed.Outcome.Status switch
            {
                ParseStatus.InflatedTooLarge => Reason.DecodedTooLarge,
                ParseStatus.Malformed when options.SecondReader is not null => parsed.Outcome.Reason,
                _ => Reason.ChangedSinceIndex,
            };
            film.TurnAway(reason, parsed.Outcome.Detail, parsed.Outcome.Offset);
            return;
        }

        var gray = DecodeGray(film, bytes, dataset, settings, parsed.Holder);
        if (gray.Pixels is not { } pixels) return;
        var field = FieldDecision.Find(bytes, dataset, gray, options.FieldOfView);
        var aspect = PixelShape.Read(bytes, dataset);
        var grayscale = GrayscalePipeline.Compile(bytes, dataset, film.Film.Frame, gray, field.Windowing);
        film.Transform = grayscale.Transform;
        var hips = options.Regions == RegionMode.Auto
            ? HipRegions.Find(bytes, dataset, film.Film.Facts, pixels, grayscale.Transform, new(field.Crop, aspect))
            : null;
        if (pixels.Reduction is { Levels: > 0 } reduction)
        {
            // Resolution was left out for the size of the film, taken for one of square pixels; what the network is shown may be less, or of
            // another shape.
            var view = FilmView.Of(pixels, field.Crop, aspect, input);
            var seen = hips?.RightOf(view).Field ?? view.Field;
            var shown = Letterbox.Fit(seen.Rows, seen.Columns, settings.LeastSide, settings.LeastSide, aspect);
            if (seen.Rows >> reduction.Levels < shown.Height || seen.Columns >> reduction.Levels < shown.Width)
            {
                var whole = Math.Max(reduction.FilmRows, reduction.FilmColumns);
                var least = Math.Max(
                    ((long)whole * shown.Height + seen.Rows - 1) / seen.Rows, ((long)whole * shown.Width + seen.Columns - 1) / seen.Columns);
                film.Pixels?.Dispose();
                film.Transform.Dispose();
                film.Transform = null;
                gray = DecodeGray(film, bytes, dataset, settings with { LeastSide = (int)Math.Min(least, int.MaxValue) }, parsed.Holder);
                if (gray.Pixels is null) return;
                pixels = gray.Pixels;
                field = FieldDecision.Find(bytes, dataset, gray, options.FieldOfView);
                grayscale = GrayscalePipeline.Compile(bytes, dataset, film.Film.Frame, gray, field.Windowing);
            }
        }

        Show(film, pixels, field, grayscale, aspect, hips);
    }

    /// <summary>Pixels of a film, one sample of at most 16 bits each; without any the film was turned away.</summary>
    private GrayFilm DecodeGray(
        FilmInFlight film, ReadOnlySpan<byte> bytes, DicomDataset dataset, DecodeSettings wanted, PixelBuffer? holder)
    {
        var decoded = decodeFilm(bytes, dataset, film.Film.Frame, wanted, pool, holder);
        film.Note(row => row with { Decoder = decoded.Decoder });
        if (decoded.Pixels is not { } pixels)
        {
            film.TurnAway(decoded.Reason, decoded.Detail, decoded.FileOffset);
            return default;
        }

        // The hash is of the pixels as stored, before anything is done to them.
        film.Pixels = pixels;
        if (selfCheck.IsChosen(film.Film.FilmKey))
            SelfCheck.RequireSamePixels(film.Film.FilmKey, bytes, dataset, film.Film.Frame, wanted, decoded, pool);
        var hash = FilmHash.Of(pixels, pixelHashSeed);
        var gray = GrayFilm.Of(bytes, dataset, decoded, pool);
        film.Pixels = gray.Pixels;
        string[] reduced = pixels.Reduction.Levels > 0 ? [DecodeNote.Reduced(pixels.Reduction.Levels)] : [];
        film.Note(row => row with { PixelHash = hash, Notes = [.. FilmInFlight.NotesOfIndex(film.Film), .. reduced, .. gray.Notes] });
        if (gray.Pixels is null)
        {
            film.TurnAway(gray.Reason, gray.Detail);
            return default;
        }

        if (PixelSanity.Check(gray.Pixels) is not { } seen) return gray;
        film.TurnAway(Reason.ImplausiblePixels, seen);
        return default;
    }

    /// <summary>Settles what of the film is shown to the network, and how bright.</summary>
    private void Show(
        FilmInFlight film, StoredPixels pixels, FieldDecision field, CompiledGrayscale grayscale, PixelAspect aspect, HipRegions? hips)
    {
        film.Transform = grayscale.Transform;
        film.Whole = FieldOfView.Whole(pixels);
        film.Field = field.Crop;
        film.View = FilmView.Of(pixels, field.Crop, aspect, input);
        string[] notes = [.. film.Row.Notes, .. field.Notes, .. aspect.IsSquare ? (string[])[] : [DecodeNote.Aspect]];
        film.Note(row => row with
        {
            Voi = grayscale.Voi,
            Notes = notes,
            FieldTop = field.Cut?.Top,
            FieldLeft = field.Cut?.Left,
            FieldHeight = field.Cut?.Rows,
            FieldWidth = field.Cut?.Columns,
        });
        if (hips is { } both) film.Split(both.LeftOf(film.View), both.RightOf(film.View));

        // While the pixels are here: most films that get a picture are not known before the network has seen them.
        var picture = !options.OverlayCrop && options.Explain != ExplainPolicy.None && film.View.Field != film.Whole
            ? FilmPicture.Draw(pixels, grayscale.Transform, new(film.Whole, aspect), input)
            : null;
        foreach (var region in (FilmInFlight?[])[film, film.RightHip])
        {
            if (region is null) continue;
            region.Picture = picture;
            if (selfCheck.IsChosen(film.Film.FilmKey)) region.ExpectedInput = selfCheck.NetworkInput(pixels, grayscale.Transform, region.View);
        }
    }

    /// <summary>An exported picture: the same as above, but there is no header to ask.</summary>
    private void ReadPicture(FilmInFlight film, ReadOnlySpan<byte> file, PictureFormat format)
    {
        var decoded = PictureDecoder.Decode(file, format, film.Film.Frame, pool);
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

        film.Pixels = null;
        var shown = PictureFilm.Of(decoded, options.FieldOfView, pool);
        film.Pixels = shown.Pixels;
        film.Note(row => row with { Notes = shown.Notes });
        film.Transform = shown.Grayscale.Transform;
        var hips = options.Regions == RegionMode.Auto
            ? HipRegions.OfPicture(film.Film.Facts, shown.Pixels, shown.Grayscale.Transform, new(shown.Field.Crop, PixelAspect.Square))
            : null;
        Show(film, shown.Pixels, shown.Field, shown.Grayscale, PixelAspect.Square, hips);
    }
}
