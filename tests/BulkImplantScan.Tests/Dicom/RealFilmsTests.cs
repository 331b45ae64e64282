using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
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
        ["multiframe_j2k_short.dcm"] = Reason.None, // only its end delimiter is missing: NativeCodecsTests holds its pixels
        ["j2k_embedded_delimiter.dcm"] = Reason.CorruptPixelData,
        ["sr_no_pixels.dcm"] = Reason.NoPixelData,
    };

    // Where the oracle is another implementation of a lossy codec, or wrong: NativeCodecsTests says what holds instead.
    private static readonly string[] OtherOracles = ["htj2k_lossy_rgb.dcm", "jls80_signed15.dcm"];

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

            if (OtherOracles.Contains(name)) continue;
            hashes++;
            if (film.Sha256 != expected[20]) faults.Add($"{name}: {film}");
            else if (film.Min != long.Parse(expected[21], CultureInfo.InvariantCulture)
                || film.Max != long.Parse(expected[22], CultureInfo.InvariantCulture)
                || Math.Abs(film.Mean!.Value - double.Parse(expected[23], CultureInfo.InvariantCulture)) > 1e-6) faults.Add($"{name}: {film}");
            if (film.SopInstanceUid != expected[2] || (film.Modality ?? "") != expected[3]) faults.Add($"{name}: {film}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal(27 + NativeCodecs.Status.Where(library => library.IsOn).Sum(library => library.Name switch { "charls" => 5, "openjpeg" => 9, _ => 0 }), hashes);
    }

    private static bool IsDecodedHere(string syntax) => TransferSyntaxes.IsNative(syntax)
        || syntax is TransferSyntaxes.Rle or TransferSyntaxes.JpegLossless or TransferSyntaxes.JpegLosslessSv1
        || NativeCodecs.Status.Any(library => library.IsOn && library.Syntaxes.Contains(syntax));
}
