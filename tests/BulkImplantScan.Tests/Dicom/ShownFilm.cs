using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>One frame as a scan shows it: brightness beside the value as stored.</summary>
/// <param name="Reason">None when it is shown.</param>
/// <param name="Detail">Of the reason.</param>
/// <param name="Voi">How brightness was chosen.</param>
/// <param name="Notes">What was done to it.</param>
/// <param name="Stored">Samples as decoded, before anything was done to them; of colour the first of each pixel.</param>
/// <param name="Brightness">Of each pixel, in [0, 1].</param>
/// <param name="Gray">Samples that are shown.</param>
internal sealed record ShownFilm(
    Reason Reason, string? Detail, string? Voi, string[] Notes, double[] Stored, float[] Brightness, int[] Gray)
{
    public static ShownFilm Of(ReadOnlySpan<byte> file, int frame = 1)
    {
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        using var parsed = ParsedFile.Open(file, dataset, pool);
        if (parsed.Outcome.Reason != Reason.None) return Failed(parsed.Outcome.Reason, parsed.Outcome.Detail);
        var decoded = FrameDecoder.Decode(parsed.Bytes, dataset, frame, DecodeSettings.Exact, pool);
        if (decoded.Pixels is not { } pixels) return Failed(decoded.Reason, decoded.Detail);
        var stored = Values(pixels);
        var film = GrayFilm.Of(parsed.Bytes, dataset, decoded, pool);
        if (film.Pixels is not { } shown) return Failed(film.Reason, film.Detail);
        using (shown)
        {
            var compiled = GrayscalePipeline.Compile(parsed.Bytes, dataset, frame, film);
            using var transform = compiled.Transform;
            int[] gray = [.. Values(shown).Select(value => (int)value)];
            return new(Reason.None, null, compiled.Voi, film.Notes, stored, [.. gray.Select(transform.Apply)], gray);
        }
    }

    private static double[] Values(StoredPixels pixels) => pixels.Kind switch
    {
        SampleKind.U8 => Values<byte>(pixels),
        SampleKind.S8 => Values<sbyte>(pixels),
        SampleKind.U16 => Values<ushort>(pixels),
        SampleKind.S16 => Values<short>(pixels),
        SampleKind.U32 => Values<uint>(pixels),
        SampleKind.S32 => Values<int>(pixels),
        SampleKind.F32 => Values<float>(pixels),
        _ => Values<double>(pixels),
    };

    private static double[] Values<T>(StoredPixels pixels) where T : unmanaged, System.Numerics.INumber<T>
    {
        var samples = pixels.Samples<T>();
        var values = new double[samples.Length / pixels.SamplesPerPixel];
        for (var i = 0; i < values.Length; i++) values[i] = double.CreateChecked(samples[i * pixels.SamplesPerPixel]);
        return values;
    }

    private static ShownFilm Failed(Reason reason, string? detail) => new(reason, detail, null, [], [], [], []);
}
