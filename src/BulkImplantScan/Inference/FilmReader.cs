using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Inference;

/// <summary>Reads DICOM files as a scan shows them to a network; one a thread. For judging outside a scan: training, evaluation, audit.</summary>
/// <param name="input">Of the network.</param>
/// <param name="pool">Of pixels; may be shared.</param>
internal sealed class FilmReader(InputGeometry input, PixelBufferPool pool)
{
    private const long MaximumFileBytes = 1 << 30;

    private readonly DicomDataset _dataset = new();
    private readonly PreprocessScratch _scratch = new();

    /// <summary>Reads the first frame of a file, as a whole film.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="target">[C, H, W]; not written where there is a reason.</param>
    /// <param name="shown">How it lies there.</param>
    /// <returns>Why it cannot be read, or <see cref="Reason.None"/>.</returns>
    public Reason Read(string path, Span<float> target, out ShownFilm shown)
    {
        shown = default;
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaximumFileBytes) return Reason.TooLarge;
            if (length == 0) return Reason.EmptyFile; // a pipe or a device has no length, too, and may have no end
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reason.UnreadableFile;
        }

        var parsed = DicomReader.Parse(bytes, isWholeFile: true, _dataset);
        if (parsed.Reason != Reason.None) return parsed.Reason;
        if (parsed.Status != ParseStatus.Ok) return Reason.UnsupportedTransferSyntax;
        var decoded = FrameDecoder.Decode(bytes, _dataset, frame: 1, DecodeSettings.Exact, pool);
        if (decoded.Pixels is null) return decoded.Reason;
        var film = GrayFilm.Of(bytes, _dataset, decoded, pool);
        if (film.Pixels is not { } pixels) return film.Reason;
        using (pixels)
        {
            var found = FieldDecision.Find(bytes, _dataset, film, FieldOfViewMode.Auto);
            var view = FilmView.Of(pixels, found.Crop, PixelShape.Read(bytes, _dataset), input);
            using var transform = GrayscalePipeline.Compile(bytes, _dataset, frame: 1, film, found.Windowing).Transform;
            shown = new(pixels.Rows, pixels.Columns, view, PreprocessSimd.Run(pixels, transform, view, input, target, _scratch));
        }

        return Reason.None;
    }
}
