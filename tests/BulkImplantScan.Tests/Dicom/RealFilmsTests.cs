using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Every file of ../shared/data/dicom against what independent decoders make of it (expected.csv there).</summary>
public sealed class RealFilmsTests
{
    // What the files for which expected.csv has no hash, or whose syntax is not decoded yet, must say instead.
    private static readonly Dictionary<string, Reason> Reasons = new()
    {
        ["broken_badvr.dcm"] = Reason.MissingAttribute,
        ["broken_bigendian_nometa.dcm"] = Reason.NoPixelData,
        ["broken_meta_no_ts.dcm"] = Reason.MissingAttribute,
        ["broken_no_meta.dcm"] = Reason.NotDicom,
        ["broken_rtplan_truncated.dcm"] = Reason.MalformedDataSet,
        ["broken_un_sequence.dcm"] = Reason.NoPixelData,
        ["dicomdir/DICOMDIR"] = Reason.Dicomdir,
        ["mr_truncated.dcm"] = Reason.TruncatedPixelData,
        ["multiframe_j2k_short.dcm"] = Reason.UnsupportedTransferSyntax,
        ["j2k_embedded_delimiter.dcm"] = Reason.UnsupportedTransferSyntax,
        ["sr_no_pixels.dcm"] = Reason.NoPixelData,
    };

    // Lossy: how far minimum and maximum, and the mean, may be from expected.csv, which libjpeg's integer DCT made; JpegLibrary's is
    // in fp32. A step is one of the samples: 12 bits in the files of process 4, 8 in the others.
    private static readonly Dictionary<string, (int Extremes, double Mean)> Lossy = new()
    {
        ["chest_cr_mono1_jpeg50.dcm"] = (1, 0.01),
        ["chest_cr_mono2_jpeg50.dcm"] = (1, 0.01),
        ["hip_cr_jpeg51.dcm"] = (2, 0.01),
        ["nm_jpeg51_12.dcm"] = (2, 0.01),
        ["sc_rgb_jpeg50_ybr.dcm"] = (1, 0.01),
    };

    [Fact]
    public void Every_film_decodes_to_the_expected_hash_or_says_truly_why_not()
    {
        var shared = SharedFolder.Require("data", "dicom");
        var faults = new List<string>();
        var hashes = 0;
        foreach (var line in File.ReadLines(Path.Combine(shared, "..", "expected.csv")).Skip(1))
        {
            var expected = line.Split(','); // the only quoted column is the last
            var name = expected[0];
            var film = DicomFiles.Decode(File.ReadAllBytes(Path.Combine(shared, name)));
            if (film.Reason == Reason.UnsupportedTransferSyntax && film.Detail == expected[12] && !IsDecodedHere(expected[12])) continue;
            if (Reasons.TryGetValue(name, out var reason))
            {
                if (film.Reason != reason) faults.Add($"{name}: {film}, expected {reason}");
                continue;
            }

            hashes++;
            var isLossy = Lossy.TryGetValue(name, out var tolerance);
            if (!isLossy) tolerance = (0, 1e-6);
            if (!isLossy && film.Sha256 != expected[20]
                || Math.Abs((film.Min ?? long.MinValue) - long.Parse(expected[21], CultureInfo.InvariantCulture)) > tolerance.Extremes
                || Math.Abs((film.Max ?? long.MinValue) - long.Parse(expected[22], CultureInfo.InvariantCulture)) > tolerance.Extremes
                || !(Math.Abs((film.Mean ?? double.NaN) - double.Parse(expected[23], CultureInfo.InvariantCulture)) <= tolerance.Mean))
            {
                faults.Add($"{name}: {film}");
            }

            if (film.SopInstanceUid != expected[2] || film.Modality != expected[3]) faults.Add($"{name}: {film}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal(27 + Lossy.Count, hashes);
    }

    private static bool IsDecodedHere(string syntax) => TransferSyntaxes.IsNative(syntax)
        || syntax is TransferSyntaxes.Rle or TransferSyntaxes.JpegLossless or TransferSyntaxes.JpegLosslessSv1
            or TransferSyntaxes.JpegBaseline or TransferSyntaxes.JpegExtended;
}
