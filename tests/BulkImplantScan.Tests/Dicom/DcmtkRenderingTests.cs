using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Brightness and polarity of whole films, held to DCMTK's dcm2pnm wherever it and pydicom read the standard alike.</summary>
/// <remarks>docs/dicom.md says where they do not, and whom we follow: <see cref="Differs"/> is that list.</remarks>
public sealed class DcmtkRenderingTests
{
    private const int Headers = 500;

    // dcm2pnm shows a film in as many bits as it has, 8 at least, and cuts to whole steps of them.
    private const double Tolerance = 1.0 / 255;

    [Fact]
    public void Brightness_is_that_of_DCMTK_for_generated_headers()
    {
        var dcm2pnm = ExternalTool.Require("dcm2pnm", "dcmtk");
        var faults = new List<string>();
        var compared = new Dictionary<string, int>();
        for (var seed = 0; seed < Headers; seed++)
        {
            var header = new GeneratedHeader(seed);
            var film = ShownFilm.Of(header.File);
            if (film.Voi is "percentile" || Differs(film.Voi!, header.File) is not null) continue;
            var brightness = Render(dcm2pnm, header.File, film.Voi!);
            compared[film.Voi!] = compared.GetValueOrDefault(film.Voi!) + 1;
            if (brightness.Length != film.Brightness.Length)
            {
                faults.Add($"seed {seed}: {brightness.Length} pixels");
                continue;
            }

            for (var i = 0; i < brightness.Length; i++)
            {
                if (header.IsPadding(film.Stored[i]) || Math.Abs(brightness[i] - film.Brightness[i]) <= Tolerance) continue;
                faults.Add($"seed {seed} {film.Voi}: stored {film.Stored[i]} shows as {film.Brightness[i]}, expected {brightness[i]}");
                break;
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(["sigmoid", "voi-lut", "window"], compared.Keys.Order(StringComparer.Ordinal));
        Assert.All(compared, pair => Assert.True(pair.Value > 20, pair.ToString()));
    }

    [Fact]
    public void Brightness_is_that_of_DCMTK_for_the_real_films()
    {
        var shared = SharedFolder.Require("data", "dicom");
        var faults = new List<string>();
        var compared = 0;
        foreach (var path in Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var file = File.ReadAllBytes(path);
            var dataset = new DicomDataset();
            if (DicomReader.Parse(file, true, dataset).Status != ParseStatus.Ok) continue;
            if (dataset.GetString(file, DicomTags.PhotometricInterpretation) is not ("MONOCHROME1" or "MONOCHROME2")) continue;
            if (Tool(dataset.TransferSyntax!) is not { } tool) continue;
            var film = ShownFilm.Of(file);
            if (film.Reason != Reason.None || film.Voi is "percentile" || Differs(film.Voi!, file) is not null) continue;

            var name = Path.GetRelativePath(shared, path);
            var brightness = Render(ExternalTool.Require(tool, "dcmtk"), file, film.Voi!);
            if (brightness.Length != film.Brightness.Length)
            {
                faults.Add($"{name}: {brightness.Length} pixels of {film.Brightness.Length}");
                continue;
            }

            compared++;
            var padding = dataset.GetInt32(file, DicomTags.PixelPaddingValue);
            var worst = Enumerable.Range(0, brightness.Length).Where(i => film.Stored[i] != padding)
                .MaxBy(i => Math.Abs(brightness[i] - film.Brightness[i]));
            if (Math.Abs(brightness[worst] - film.Brightness[worst]) > Tolerance)
                faults.Add($"{name} {film.Voi}: stored {film.Stored[worst]} shows as {film.Brightness[worst]}, expected {brightness[worst]}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(compared >= 8, $"only {compared} films");
    }

    /// <summary>Why DCMTK shows a film otherwise than pydicom and we do; null when it should not.</summary>
    private static string? Differs(string voi, byte[] file)
    {
        if (voi == "window-exact") return "DCMTK 3.6.7 knows LINEAR and SIGMOID only";
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        var (slope, intercept) = (dataset.GetDouble(file, DicomTags.RescaleSlope) ?? 1, dataset.GetDouble(file, DicomTags.RescaleIntercept) ?? 0);
        if (slope != Math.Floor(slope) || intercept != Math.Floor(intercept)) return "DCMTK rounds what a rescale yields";
        return dataset.IsBigEndian && dataset.GetInt32(file, DicomTags.BitsAllocated) == 32 ? "DCMTK swaps the words of OW, not the cells" : null;
    }

    private static string? Tool(string transferSyntax) => transferSyntax switch
    {
        _ when TransferSyntaxes.IsNative(transferSyntax) => "dcm2pnm",
        TransferSyntaxes.Rle => "dcm2pnm",
        "1.2.840.10008.1.2.4.50" or "1.2.840.10008.1.2.4.51" or TransferSyntaxes.JpegLossless or TransferSyntaxes.JpegLosslessSv1 => "dcmj2pnm",
        "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" => "dcml2pnm",
        _ => null,
    };

    private static double[] Render(string tool, byte[] file, string voi)
    {
        var folder = Directory.CreateTempSubdirectory("bis-dcm2pnm-").FullName;
        try
        {
            var (given, got) = (Path.Combine(folder, "film.dcm"), Path.Combine(folder, "film.pgm"));
            File.WriteAllBytes(given, file);
            ExternalTool.Run(tool, "-O", "+opw", voi == "voi-lut" ? "+Wl" : "+Wi", "1", given, got);
            if (!File.Exists(got)) return [];

            // P2, columns, rows, largest value, then the values.
            var words = File.ReadAllText(got).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var largest = double.Parse(words[3], CultureInfo.InvariantCulture);
            return [.. words.Skip(4).Select(word => double.Parse(word, CultureInfo.InvariantCulture) / largest)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
