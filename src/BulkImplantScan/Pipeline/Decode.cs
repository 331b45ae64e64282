using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>The decoder of a scan: <see cref="FrameDecoder.Decode"/>, unless a test breaks it.</summary>
internal delegate DecodeOutcome DecodeFilm(
    ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DecodeSettings settings, PixelBufferPool pool);

/// <summary>Bytes of a film in; its stored pixels and their grayscale transform out, or the reason why there are none.</summary>
internal sealed class Decode(PixelBufferPool pool, long pixelHashSeed, SelfCheck selfCheck, DecodeFilm decodeFilm)
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
            if (e is SelfCheckException) throw;
            throw new ScanFaultException("decode", film.Film.FilmKey, e);
        }
    }

    private void Read(FilmInFlight film, FileBytes file)
    {
        var dataset = _dataset ??= new();
        using var parsed = ParsedFile.Open(file.Span, dataset, pool);
        var bytes = parsed.Bytes;
        if (parsed.Outcome.Status != ParseStatus.Ok)
        {
            // The index parsed this very header, so the bytes are no longer those.
            film.TurnAway(Reason.ChangedSinceIndex, parsed.Outcome.Detail, parsed.Outcome.Offset);
            return;
        }

        var settings = DecodeSettings.Exact;
        var decoded = decodeFilm(bytes, dataset, film.Film.Frame, settings, pool);
        film.Note(row => row with { Decoder = decoded.Decoder });
        if (decoded.Pixels is not { } pixels)
        {
            film.TurnAway(decoded.Reason, decoded.Detail, decoded.FileOffset);
            return;
        }

        film.Pixels = pixels;
        var isChosen = selfCheck.IsChosen(film.Film.FilmKey);
        if (isChosen) SelfCheck.RequireSamePixels(film.Film.FilmKey, bytes, dataset, film.Film.Frame, settings, decoded, pool);
        var hash = PixelHash(pixels);
        film.Note(row => row with { PixelHash = hash });
        if (pixels.SamplesPerPixel != 1)
            film.TurnAway(Reason.NotGrayscale);
        else if (pixels.BytesPerSample > 2)
            film.TurnAway(Reason.UnsupportedPixelFormat, $"bits_stored={pixels.BitsStored}");
        else if (PixelSanity.Check(pixels) is { } seen)
            film.TurnAway(Reason.ImplausiblePixels, seen);
        else
        {
            var grayscale = GrayscalePipeline.Compile(bytes, dataset, pixels);
            film.Transform = grayscale.Transform;
            if (isChosen) film.ExpectedInput = selfCheck.NetworkInput(pixels, grayscale.Transform);
            film.Note(row => row with { Voi = grayscale.Voi });
        }
    }

    /// <summary>Equal pixels of equal shape have equal hashes at one site; the seed keeps other sites from linking them.</summary>
    private string PixelHash(StoredPixels pixels)
    {
        var hash = new XxHash128(pixelHashSeed);
        hash.Append(MemoryMarshal.AsBytes<int>([pixels.Rows, pixels.Columns, pixels.SamplesPerPixel, (int)pixels.Kind]));
        hash.Append(pixels.Bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
