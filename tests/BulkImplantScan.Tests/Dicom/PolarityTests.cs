using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>The truth table of polarity: bright and dark are exchanged once or not at all, whatever else turns the film round.</summary>
public sealed class PolarityTests
{
    // docs/dicom.md, "Polarity"; PS3.3 C.8.11.1, C.11.6.
    private static readonly Dictionary<(string Photometric, string? Shape), bool> IsInverted = new()
    {
        [("MONOCHROME1", null)] = true, [("MONOCHROME1", "IDENTITY")] = false, [("MONOCHROME1", "INVERSE")] = true,
        [("MONOCHROME2", null)] = false, [("MONOCHROME2", "IDENTITY")] = false, [("MONOCHROME2", "INVERSE")] = true,
    };

    private static readonly ushort[] Film = [.. Enumerable.Range(0, 200).Select(i => (ushort)(i * 20))]; // 0 to 3980, 12 bits

    // What turns a film round before presentation, and must not count as presentation: output of the Modality LUT by stored value.
    private static readonly (string Name, Func<int, double> Modality, Action<DicomBytes> Write)[] Modalities =
    [
        ("none", stored => stored, _ => { }),
        ("rescale", stored => 2 * stored - 100, film => Rescale(film, "-100", "2")),
        ("negative slope", stored => 4095 - stored, film => Rescale(film, "4095", "-1")),
        ("descending Modality LUT", stored => 4095 - stored, film => film.LookupTable(DicomTags.ModalityLutSequence, 4096, 0, 12, Descending)),
    ];

    private static readonly string[] Vois = ["LINEAR", "LINEAR_EXACT", "SIGMOID", "ascending VOI LUT", "descending VOI LUT", "percentile"];

    private static ushort[] Descending => [.. Enumerable.Range(0, 4096).Select(i => (ushort)(4095 - i))];

    [Fact]
    public void Every_combination_is_inverted_as_the_truth_table_says_once_or_not_at_all()
    {
        var combinations = 0;
        foreach (var ((photometric, shape), isInverted) in IsInverted)
        {
            foreach (var (name, modality, write) in Modalities)
            {
                foreach (var voi in Vois)
                {
                    foreach (var isPadded in new[] { false, true })
                    {
                        combinations++;
                        var file = File(photometric, shape, write, voi, isPadded);
                        var film = ShownFilm.Of(file);
                        var what = $"{photometric} {shape ?? "no shape"}, {name}, {voi}, padding {isPadded}";
                        for (var i = 0; i < Film.Length; i++)
                        {
                            var y = Naive(voi, modality, Film[i], isPadded);
                            var expected = isPadded && Film[i] == 0 ? 0 : isInverted ? 1 - y : y;
                            Assert.True(Math.Abs(film.Brightness[i] - expected) < 2e-5, $"{what}: {Film[i]} shows as {film.Brightness[i]}, expected {expected}");
                        }
                    }
                }
            }
        }

        Assert.Equal(6 * 4 * 6 * 2, combinations);
    }

    // The formulas of PS3.3 C.11.2, without anything that the pipeline does to be quick.
    private static double Naive(string voi, Func<int, double> modality, int stored, bool isPadded)
    {
        var x = modality(stored);
        switch (voi)
        {
            case "LINEAR": return Math.Clamp((x - (1800 - 0.5)) / (1000 - 1) + 0.5, 0, 1);
            case "LINEAR_EXACT": return Math.Clamp((x - 1800) / 1000 + 0.5, 0, 1);
            case "SIGMOID": return 1 / (1 + Math.Exp(-4 * (x - 1800) / 1000));
            case "ascending VOI LUT": return Math.Clamp(x - 300, 0, 3000) / 3000;
            case "descending VOI LUT": return 1 - Math.Clamp(x - 300, 0, 3000) / 3000;
            default:
                double[] all = [.. Film.Where(value => !isPadded || value != 0).Select(value => modality(value)).Order()];
                var (low, high) = (all[(int)Math.Ceiling(0.01 * all.Length) - 1], all[(int)Math.Ceiling(0.99 * all.Length) - 1]);
                return Math.Clamp((x - low) / (high - low), 0, 1);
        }
    }

    private static byte[] File(string photometric, string? shape, Action<DicomBytes> modality, string voi, bool isPadded)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.PhotometricInterpretation, "CS", photometric)
            .ImagePixel(1, Film.Length, 16, 12);
        if (isPadded) file.Words(DicomTags.PixelPaddingValue, "US", 0);
        if (voi is "LINEAR" or "LINEAR_EXACT" or "SIGMOID")
        {
            file.Text(DicomTags.WindowCenter, "DS", "1800").Text(DicomTags.WindowWidth, "DS", "1000").Text(DicomTags.VoiLutFunction, "CS", voi);
        }

        modality(file);
        if (voi.EndsWith("VOI LUT", StringComparison.Ordinal))
        {
            // 3,001 entries from 300 on, 16 bits: i / 3,000 of the way.
            var isDescending = voi.StartsWith("descending", StringComparison.Ordinal);
            var entries = Enumerable.Range(0, 3001).Select(i => (ushort)Math.Round(65535.0 * (isDescending ? 3000 - i : i) / 3000));
            file.LookupTable(DicomTags.VoiLutSequence, 3001, 300, 16, [.. entries]);
        }

        if (shape is not null) file.Text(DicomTags.PresentationLutShape, "CS", shape);
        return file.Words(DicomBytes.PixelData, "OW", Film).ToArray();
    }

    private static void Rescale(DicomBytes film, string intercept, string slope) =>
        film.Text(DicomTags.RescaleIntercept, "DS", intercept).Text(DicomTags.RescaleSlope, "DS", slope);
}
