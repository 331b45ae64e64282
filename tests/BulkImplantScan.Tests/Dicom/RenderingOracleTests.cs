using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Brightness of stored values, held to pydicom (Modality LUT, VOI LUT, windows) and to DCMTK (those and polarity).</summary>
/// <remarks>What neither does (padding, the percentile window, which of several is taken) is computed here, plainly.</remarks>
public sealed class RenderingOracleTests
{
    private const int Headers = 10_000;

    // One step of 16 bits: what the closed form may differ from the table.
    private const double Tolerance = 1.0 / 65535 + 1e-6;

    private const double LeastContrast = 1.0 / 256;

    [Fact]
    public void Brightness_is_that_of_pydicom_for_10000_generated_headers()
    {
        var headers = Enumerable.Range(0, Headers).Select(seed => new GeneratedHeader(seed)).ToArray();
        var oracle = Pydicom([.. headers.Select(header => (header.File, 1, header.Values.Select(value => (double)value).ToArray()))]);
        var faults = new List<string>();
        var voi = new Dictionary<string, int>();
        for (var i = 0; i < headers.Length && faults.Count < 20; i++)
        {
            var header = headers[i];
            var film = ShownFilm.Of(header.File);
            if (film.Reason != Reason.None || !film.Stored.SequenceEqual(header.Values.Select(value => (double)value)))
            {
                faults.Add($"seed {i}: {film.Reason} {film.Detail}");
                continue;
            }

            var expected = Expected(oracle[i], [.. film.Stored.Select(header.IsPadding)], header.IsInverted, header.Function);
            voi[film.Voi!] = voi.GetValueOrDefault(film.Voi!) + 1;
            if (Compare(film, expected) is { } fault) faults.Add($"seed {i}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(["percentile", "sigmoid", "voi-lut", "window", "window-exact"], voi.Keys.Order(StringComparer.Ordinal));
        Assert.All(voi, pair => Assert.True(pair.Value > 300, pair.ToString())); // each way was held to it
    }

    [Fact]
    public void Brightness_is_that_of_pydicom_for_every_grey_frame_of_the_real_films()
    {
        var shared = SharedFolder.Require("data", "dicom");
        var films = new List<(string Name, byte[] File, int Frame, ShownFilm Film, int[] Places)>();
        foreach (var path in Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path) == "jls80_signed15.dcm") continue; // pydicom 2.3 leaves its sign where it is: JpegLsTests
            var file = File.ReadAllBytes(path);
            for (var frame = 1; frame <= GreyFrames(file); frame++)
            {
                var film = ShownFilm.Of(file, frame);
                if (film.Reason != Reason.None) continue; // no pixels: RealFilmsTests holds the reasons

                // Brightness depends on the value alone: one pixel of each.
                int[] places = [.. film.Stored.Select((value, place) => (value, place)).DistinctBy(pair => pair.value).Select(pair => pair.place)];
                films.Add((Path.GetFileName(path), file, frame, film, places));
            }
        }

        var oracle = Pydicom([.. films.Select(film => (film.File, film.Frame, film.Places.Select(place => film.Film.Stored[place]).ToArray()))]);
        var faults = new List<string>();
        for (var i = 0; i < films.Count; i++)
        {
            var (name, file, frame, film, places) = films[i];
            var dataset = new DicomDataset();
            DicomReader.Parse(file, true, dataset);
            var isInverted = dataset.GetString(file, DicomTags.PresentationLutShape) switch
            {
                "INVERSE" => true,
                "IDENTITY" => false,
                _ => dataset.GetString(file, DicomTags.PhotometricInterpretation) == "MONOCHROME1",
            };
            var isSigned = dataset.GetInt32(file, DicomTags.PixelRepresentation) == 1;
            var padding = dataset.GetInt32(file, DicomTags.PixelPaddingValue);
            if (isSigned && padding > 32767) padding -= 65536;

            // Percentiles are of all pixels: pydicom's values go back to where they belong.
            var byValue = places.Select((place, at) => (film.Stored[place], at)).ToDictionary(pair => pair.Item1, pair => pair.at);
            double[] Spread(double[] values) => [.. film.Stored.Select(value => values[byValue[value]])];
            var all = oracle[i] with { Modality = Spread(oracle[i].Modality), Table = Spread(oracle[i].Table), Window = Spread(oracle[i].Window) };
            var expected = Expected(
                all, [.. film.Stored.Select(value => value == padding)], isInverted, dataset.GetString(file, DicomTags.VoiLutFunction) ?? "");
            if (Compare(film, expected) is { } fault) faults.Add($"{name} frame {frame}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(films.Select(film => film.Name).Distinct().Count() >= 20, "too few films");
    }

    private static int GreyFrames(byte[] file)
    {
        var dataset = new DicomDataset();
        if (DicomReader.Parse(file, true, dataset).Status is not (ParseStatus.Ok or ParseStatus.Deflated)) return 0;
        var pixels = dataset.DescribePixels(file);
        return pixels.SamplesPerPixel == 1 && pixels.Photometric != "PALETTE COLOR" ? Math.Min(16, pixels.NumberOfFrames) : 0;
    }

    /// <summary>First what shows the film: table, window, else the percentiles; then polarity, then padding.</summary>
    private static (string? Voi, double[] Brightness) Expected(Rendering oracle, bool[] isPadding, bool isInverted, string function)
    {
        // Where all is padding nothing tells whether a table or a window shows the film; the percentile window then trusts none.
        var isAllPadding = isPadding.All(padding => padding);
        if (isAllPadding) isPadding = new bool[isPadding.Length];
        double Contrast(double[] y)
        {
            double low = double.MaxValue, high = double.MinValue;
            for (var i = 0; i < y.Length; i++)
                if (!isPadding[i]) (low, high) = (Math.Min(low, y[i]), Math.Max(high, y[i]));
            return high - low;
        }

        string voi;
        double[] brightness;
        var (table, window) = (Contrast(oracle.Table), Contrast(oracle.Window));
        if (Math.Abs(table - LeastContrast) < 1e-5 || Math.Abs(window - LeastContrast) < 1e-5) return (null, []); // a tie: rounding decides
        if (!isAllPadding && table >= LeastContrast) (voi, brightness) = ("voi-lut", oracle.Table);
        else if (!isAllPadding && window >= LeastContrast)
        {
            (voi, brightness) = (function switch { "LINEAR_EXACT" => "window-exact", "SIGMOID" => "sigmoid", _ => "window" }, oracle.Window);
        }
        else
        {
            double[] film = [.. oracle.Modality.Where((_, i) => !isPadding[i]).Order()];
            var low = film[(int)Math.Ceiling(0.01 * film.Length) - 1];
            var high = film[(int)Math.Ceiling(0.99 * film.Length) - 1];
            if (high <= low) (low, high) = (film[0], film[^1]);
            if (high <= low) (low, high) = (low - 0.5, low + 0.5);
            (voi, brightness) = ("percentile", [.. oracle.Modality.Select(value => Math.Clamp((value - low) / (high - low), 0, 1))]);
        }

        return (voi, [.. brightness.Select((y, i) => isPadding[i] ? 0 : isInverted ? 1 - y : y)]);
    }

    private static string? Compare(ShownFilm film, (string? Voi, double[] Brightness) expected)
    {
        if (expected.Voi is null) return null;
        if (film.Voi != expected.Voi) return $"{film.Voi}, expected {expected.Voi}";

        // Scaled to 16 bits, a value may be half a step off before it is shown.
        var tolerance = film.Notes.Contains(DecodeNote.ScaledTo16Bits) ? 3 * Tolerance : Tolerance;
        var worst = Enumerable.Range(0, film.Brightness.Length).MaxBy(i => Math.Abs(film.Brightness[i] - expected.Brightness[i]));
        var (ours, theirs) = (film.Brightness[worst], expected.Brightness[worst]);
        return Math.Abs(ours - theirs) <= tolerance ? null : $"{film.Voi}: stored {film.Stored[worst]} shows as {ours}, expected {theirs}";
    }

    private static Rendering[] Pydicom(IReadOnlyList<(byte[] File, int Frame, double[] Values)> films)
    {
        var folder = Directory.CreateTempSubdirectory("bis-render-").FullName;
        try
        {
            var (given, got) = (Path.Combine(folder, "in"), Path.Combine(folder, "out"));
            using (var target = new BinaryWriter(File.Create(given)))
            {
                foreach (var (file, frame, values) in films)
                {
                    target.Write(frame);
                    target.Write(values.Length);
                    target.Write(file.Length);
                    target.Write(MemoryMarshal.AsBytes(values.AsSpan()));
                    target.Write(file);
                }
            }

            ExternalTool.Pydicom("render.py", given, got);
            using var source = File.OpenRead(got);
            double[] Column(int count)
            {
                var values = new double[count];
                source.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                return values;
            }

            return [.. films.Select(film => new Rendering(Column(film.Values.Length), Column(film.Values.Length), Column(film.Values.Length)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Rendering(double[] Modality, double[] Table, double[] Window);
}
