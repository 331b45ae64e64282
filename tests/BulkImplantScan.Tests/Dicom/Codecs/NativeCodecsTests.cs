using System.IO.Compression;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>Films that other software encoded, through the system's libraries, in this process and in processes of their own.</summary>
public sealed class NativeCodecsTests
{
    [Theory]
    [InlineData("charls", 6, 23, NativeCodecMode.InProcess)] // those of one component are ours: JpegLsTests holds them to CharLS
    [InlineData("charls", 6, 23, NativeCodecMode.Isolated)]
    [InlineData("openjpeg", 42, 0, NativeCodecMode.InProcess)]
    [InlineData("openjpeg", 42, 0, NativeCodecMode.Isolated)]
    [InlineData("libjxl", 19, 0, NativeCodecMode.InProcess)]
    [InlineData("libjxl", 19, 0, NativeCodecMode.Isolated)]
    public void Films_decode_to_the_pixels_that_were_encoded(string decoder, int byLibrary, int byOurs, NativeCodecMode mode)
    {
        NativeLibraries.Require(decoder);
        using var codecs = new NativeCodecs(new() { Mode = mode });
        var faults = new List<string>();
        var (library, ours) = (0, 0);
        foreach (var line in OracleFile.Read("native-cases.csv.gz").Where(line => line[0].StartsWith(decoder + " ", StringComparison.Ordinal)))
        {
            var file = Convert.FromBase64String(line[2]);
            var film = DicomFiles.Decode(file, NativeLibraries.In(codecs));
            if (film.Decoder == decoder) library++;
            else if (decoder == "charls" && film.Decoder == "jpeg-ls") ours++;
            if (film.Reason != Reason.None) faults.Add($"{line[0]}: {film}");
            else if (line[3] == "0" && film.Sha256 != line[1]) faults.Add($"{line[0]}: {film}");
            else if (line[3] != "0" && Difference(file, line[4], codecs) > int.Parse(line[3])) faults.Add($"{line[0]}: differs by {Difference(file, line[4], codecs)}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal((byLibrary, byOurs), (library, ours));
    }

    [Theory]
    [InlineData(NativeCodecMode.InProcess)]
    [InlineData(NativeCodecMode.Isolated)]
    public void Real_films_decode_alike_in_this_process_and_in_one_of_their_own(NativeCodecMode mode)
    {
        var shared = SharedFolder.Require("data", "dicom");
        NativeLibraries.Require("charls");
        NativeLibraries.Require("openjpeg");
        using var codecs = new NativeCodecs(new() { Mode = mode });

        // The lossy ones of these are the same to the bit because one library made the oracle and is used here; ±1 is their tolerance.
        (string Name, string Sha256)[] exact = [.. Expected(shared).Where(film => film.Syntax.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal)
            && NativeSyntax.For(film.Syntax) is not null && film.Sha256.Length > 0
            && film.Name != "htj2k_lossy_rgb.dcm").Select(film => (film.Name, film.Sha256))];
        Assert.Equal(15, exact.Length);
        foreach (var (name, sha256) in exact)
        {
            var film = DicomFiles.Decode(File.ReadAllBytes(Path.Combine(shared, name)), NativeLibraries.In(codecs));
            Assert.True(film.Reason == Reason.None && film.Sha256 == sha256, $"{name}: {film}");
        }

        // OpenJPH made the oracle, OpenJPEG decodes: two implementations of the irreversible transform.
        var lossy = DicomFiles.Decode(File.ReadAllBytes(Path.Combine(shared, "htj2k_lossy_rgb.dcm")), NativeLibraries.In(codecs));
        Assert.Equal((Reason.None, 0L, 255L), (lossy.Reason, lossy.Min, lossy.Max));
        Assert.Equal(127.104052, lossy.Mean!.Value, 0.01);
    }

    [Fact]
    public void Frames_whose_encapsulation_lacks_its_end_are_the_frames_of_the_whole_file()
    {
        var shared = SharedFolder.Require("data", "dicom");
        NativeLibraries.Require("openjpeg");
        Assert.Equal(
            DicomFiles.Decode(File.ReadAllBytes(Path.Combine(shared, "multiframe_mr_j2k.dcm"))).Sha256,
            DicomFiles.Decode(File.ReadAllBytes(Path.Combine(shared, "multiframe_j2k_short.dcm"))).Sha256);
    }

    [Fact]
    public void Off_means_that_films_say_which_transfer_syntax_is_not_decoded()
    {
        using var codecs = new NativeCodecs(new() { Mode = NativeCodecMode.Off });
        foreach (var line in OracleFile.Read("native-cases.csv.gz").Where(line => !line[0].StartsWith("charls ", StringComparison.Ordinal)))
        {
            var film = DicomFiles.Decode(Convert.FromBase64String(line[2]), NativeLibraries.In(codecs));
            Assert.Equal(Reason.UnsupportedTransferSyntax, film.Reason);
            Assert.NotNull(NativeSyntax.For(film.Detail!));
        }
    }

    [Fact]
    public void Bits_Stored_that_is_too_small_for_what_was_coded_gives_way_to_it()
    {
        NativeLibraries.Require("openjpeg");
        using var pixels = Decode(Case("openjpeg u12; Bits Stored says 10"), NativeCodecs.Shared);
        Assert.Equal(12, pixels.BitsStored);
    }

    [Fact]
    public void Every_library_is_said_to_be_here_or_how_to_get_it()
    {
        Assert.Equal(["charls", "openjpeg", "libjxl"], NativeCodecs.Status.Select(library => library.Name));
        foreach (var library in NativeCodecs.Status)
        {
            Assert.Equal(library.IsOn, library.Fix is null);
            Assert.Equal(library.IsOn, library.Version is { Length: > 0 });
            Assert.All(library.Syntaxes, uid => Assert.Equal(library.Name, NativeSyntax.For(uid)!.Name));
        }
    }

    private static int Difference(byte[] file, string oracle, NativeCodecs codecs)
    {
        using var expected = new MemoryStream();
        using (var inflated = new ZLibStream(new MemoryStream(Convert.FromBase64String(oracle)), CompressionMode.Decompress)) inflated.CopyTo(expected);
        var samples = MemoryMarshal.Cast<byte, int>(expected.ToArray());
        using var pixels = Decode(file, codecs);
        Assert.Equal(samples.Length, pixels.SampleCount);
        var most = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var value = pixels.Kind switch
            {
                SampleKind.U8 => (int)pixels.Samples<byte>()[i],
                SampleKind.U16 => pixels.Samples<ushort>()[i],
                _ => pixels.Samples<short>()[i],
            };
            most = Math.Max(most, Math.Abs(value - samples[i]));
        }

        return most;
    }

    private static StoredPixels Decode(byte[] file, NativeCodecs codecs)
    {
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        var decoded = FrameDecoder.Decode(file, dataset, 1, NativeLibraries.In(codecs), new());
        Assert.Equal(Reason.None, decoded.Reason);
        return decoded.Pixels!;
    }

    private static byte[] Case(string name) =>
        Convert.FromBase64String(OracleFile.Read("native-cases.csv.gz").Single(line => line[0] == name)[2]);

    private static IEnumerable<(string Name, string Syntax, string Sha256)> Expected(string shared) =>
        File.ReadLines(Path.Combine(shared, "..", "expected.csv")).Skip(1).Select(line => line.Split(',')).Select(line => (line[0], line[12], line[20]));
}
