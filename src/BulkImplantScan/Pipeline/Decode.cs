using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>Bytes of a film in; its stored pixels and their grayscale transform out, or the reason why there are none.</summary>
internal sealed class Decode(PixelBufferPool pool, long pixelHashSeed, SecondReader? second)
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
            Read(film, film.File.Span);
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

    private void Read(FilmInFlight film, ReadOnlySpan<byte> file)
    {
        var dataset = _dataset ??= new();
        if (second?.Replace(file, dataset) is { } rewritten)
        {
            Read(film, rewritten, dataset);
            film.Note(row => row with
            {
                Notes = [.. row.Notes, second.Note],
                FileOffset = null, // a place in what was written anew is none in the file
            });
        }
        else
        {
            Read(film, file, dataset);
        }
    }

    private void Read(FilmInFlight film, ReadOnlySpan<byte> file, DicomDataset dataset)
    {
        using var parsed = ParsedFile.Open(file, dataset, pool);
        var bytes = parsed.Bytes;
        if (parsed.Outcome.Status != ParseStatus.Ok)
        {
            // The index parsed this very header, so the bytes are no longer those.
            film.TurnAway(Reason.ChangedSinceIndex, parsed.Outcome.Detail, parsed.Outcome.Offset);
            return;
        }

        var decoded = FrameDecoder.Decode(bytes, dataset, film.Film.Frame, DecodeSettings.Exact, pool);
        film.Note(row => row with { Decoder = decoded.Decoder });
        if (decoded.Pixels is not { } pixels)
        {
            film.TurnAway(decoded.Reason, decoded.Detail, decoded.FileOffset);
            return;
        }

        film.Pixels = pixels;
        var hash = PixelHash(pixels);
        film.Note(row => row with { PixelHash = hash });
        if (pixels.SamplesPerPixel != 1)
            film.TurnAway(Reason.NotGrayscale);
        else if (pixels.BytesPerSample > 2)
            film.TurnAway(Reason.UnsupportedPixelFormat, $"bits_stored={pixels.BitsStored}");
        else if (IsConstant(pixels))
            film.TurnAway(Reason.ImplausiblePixels, "constant");
        else
        {
            var grayscale = GrayscalePipeline.Compile(bytes, dataset, pixels);
            film.Transform = grayscale.Transform;
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

    private static bool IsConstant(StoredPixels pixels) => pixels.BytesPerSample == 1
        ? !pixels.Bytes.ContainsAnyExcept(pixels.Bytes[0])
        : !pixels.Samples<ushort>().ContainsAnyExcept(pixels.Samples<ushort>()[0]);
}
