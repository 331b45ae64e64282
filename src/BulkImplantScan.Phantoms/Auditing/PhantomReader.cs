using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>Renders phantoms and reads them as a scan would; one a thread.</summary>
/// <param name="input">Of the network.</param>
/// <param name="pool">Of pixels; may be shared.</param>
internal sealed class PhantomReader(InputGeometry input, PixelBufferPool pool)
{
    private const double Margin = 0.05; // of the long side, left round a device whose surroundings are covered

    private readonly DicomDataset _dataset = new();
    private readonly PreprocessScratch _scratch = new();

    /// <summary>Renders a film and writes what the network is given of it.</summary>
    /// <param name="asked">Which.</param>
    /// <param name="target">[C, H, W].</param>
    /// <returns>How it lies there; nothing of a hip of a pelvis, whose map is not asked about.</returns>
    public PhantomInput Read(AuditFilm asked, Span<float> target)
    {
        var film = Phantom.Render(asked.Plan);
        var bytes = DxWriter.Write(film, Nobody(), DxSyntax.ExplicitLittleEndian);
        if (DicomReader.Parse(bytes, isWholeFile: true, _dataset) is { } parsed && (parsed.Reason != Reason.None || parsed.Status != ParseStatus.Ok))
            throw new InvalidOperationException($"a phantom cannot be parsed: {parsed.Reason}");
        var gray = GrayFilm.Of(bytes, _dataset, FrameDecoder.Decode(bytes, _dataset, frame: 1, DecodeSettings.Exact, pool), pool);
        using var pixels = gray.Pixels ?? throw new InvalidOperationException($"a phantom cannot be decoded: {gray.Reason}");
        var found = FieldDecision.Find(bytes, _dataset, gray, FieldOfViewMode.Auto);
        var aspect = PixelShape.Read(bytes, _dataset);
        var view = FilmView.Of(pixels, found.Crop, aspect, input);
        using var transform = GrayscalePipeline.Compile(bytes, _dataset, frame: 1, gray, found.Windowing).Transform;
        if (asked.Hip is { } hip)
        {
            // A pelvis that is not found is judged as a whole, as in a scan.
            var hips = HipRegions.Find(bytes, _dataset, Facts(bytes), pixels, transform, new(found.Crop, aspect));
            PreprocessSimd.Run(pixels, transform, film.Hips[hip].Side == 'L' ? hips?.LeftOf(view) ?? view : hips?.RightOf(view) ?? view, input, target, _scratch);
            return default;
        }

        var box = PreprocessSimd.Run(pixels, transform, view, input, target, _scratch);
        var mask = film.Design == Design.None ? null : film.Mask;
        if (asked.IsCovered && mask is not null) Cover(target, box, box.Cut(view.Field, Around(mask, film).Intersect(view.Field)));
        return new(box, found.Crop, film.Rows, film.Columns, mask);
    }

    /// <summary>The smallest rectangle that holds the device, and a margin.</summary>
    private static FieldOfView Around(byte[] mask, PhantomFilm film)
    {
        int top = film.Rows, bottom = -1, left = film.Columns, right = -1;
        for (var y = 0; y < film.Rows; y++)
        {
            var row = mask.AsSpan(y * film.Columns, film.Columns);
            if (row.IndexOfAnyExcept((byte)0) is var first && first < 0) continue;
            (top, bottom) = (Math.Min(top, y), y);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0)));
        }

        if (bottom < 0) return new(0, 0, film.Rows, film.Columns);
        var margin = (int)(Margin * Math.Max(film.Rows, film.Columns));
        (top, left) = (Math.Max(0, top - margin), Math.Max(0, left - margin));
        return new(top, left, Math.Min(film.Rows, bottom + 1 + margin) - top, Math.Min(film.Columns, right + 1 + margin) - left);
    }

    /// <summary>The mean of the film over all of it that lies beside what is left.</summary>
    private void Cover(Span<float> target, Letterbox film, Letterbox left)
    {
        var (height, width) = (input.Height, input.Width);
        for (var channel = 0; channel < input.Channels; channel++)
        {
            var plane = target.Slice(channel * height * width, height * width);
            double sum = 0;
            for (var y = film.Top; y < film.Top + film.Height; y++)
                foreach (var value in plane.Slice(y * width + film.Left, film.Width)) sum += value;
            var mean = (float)(sum / ((double)film.Height * film.Width));
            for (var y = film.Top; y < film.Top + film.Height; y++)
            {
                var row = plane.Slice(y * width, width);
                if (y < left.Top || y >= left.Top + left.Height)
                {
                    row.Slice(film.Left, film.Width).Fill(mean);
                    continue;
                }

                row[film.Left..left.Left].Fill(mean);
                row[(left.Left + left.Width)..(film.Left + film.Width)].Fill(mean);
            }
        }
    }

    // What of the header says whether a film shows both hips.
    private FilmFacts Facts(byte[] bytes) => new()
    {
        Side = _dataset.GetString(bytes, DicomTags.ImageLaterality),
        BodyPart = _dataset.GetString(bytes, DicomTags.BodyPartExamined),
    };

    private static Header Nobody() => new()
    {
        PatientNumber = "PHANTOM-AUDIT",
        PatientName = "Phantom^Audit",
        Female = true,
        Birth = new(1950, 1, 1),
        Taken = new(2020, 1, 1, 12, 0, 0, DateTimeKind.Unspecified),
        Age = 70,
        Institution = "Phantom General Hospital",
        StudyUid = "2.25.1",
        SeriesUid = "2.25.2",
        InstanceUid = "2.25.3",
        Accession = "PHAUDIT",
        InstanceNumber = 1,
    };
}
