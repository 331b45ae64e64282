using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Results;

namespace BulkImplantScan.Phantoms.Tests.Writing;

public sealed class DxWriterTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in CodingCase.Names)
            foreach (var syntax in Enum.GetNames<DxSyntax>()) cases.Add(name, syntax);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_engine_decodes_what_was_encoded(string name, string syntax)
    {
        var file = CodingCase.File(name, Enum.Parse<DxSyntax>(syntax));
        var dataset = new DicomDataset();
        using var pool = new PixelBufferPool();
        var parsed = DicomReader.Parse(file, isWholeFile: true, dataset);
        Assert.Equal(Reason.None, parsed.Reason);
        var outcome = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool);
        Assert.Equal(Reason.None, outcome.Reason);
        using var pixels = outcome.Pixels!;
        Assert.True(pixels.Samples<ushort>().SequenceEqual(CodingCase.Film(name).Stored));
    }

    /// <summary>DCMTK decoded exactly these bytes to exactly these pixels, and dciodvfy found no error in them
    /// (Writing/Oracle/make_oracle.py). An encoder that changes its bytes must be shown to DCMTK again.</summary>
    [Fact]
    public void Other_software_decoded_these_very_files_to_these_very_pixels()
    {
        var lines = File.ReadAllLines(Path.Combine(SharedFolder.Repository, "tests", "BulkImplantScan.Phantoms.Tests", "Writing", "Oracle", "dcmtk.csv"))[1..];
        Assert.Equal(CodingCase.Names.Length * 4, lines.Length);
        foreach (var line in lines)
        {
            var parts = line.Split(',');
            Assert.Equal((line, parts[2]), (line, Sha256(CodingCase.File(parts[0], Enum.Parse<DxSyntax>(parts[1])))));
            Assert.Equal((line, parts[3]), (line, Sha256(MemoryMarshal.AsBytes<ushort>(CodingCase.Film(parts[0]).Stored))));
        }
    }

    /// <summary>Writes the files that make_oracle.py shows to DCMTK, into the folder that PHANTOM_ORACLE names.</summary>
    [Fact(Explicit = true)]
    public void Write_the_files_for_the_oracle()
    {
        var folder = Environment.GetEnvironmentVariable("PHANTOM_ORACLE");
        Assert.SkipUnless(folder is not null, "PHANTOM_ORACLE names no folder");
        foreach (var name in CodingCase.Names)
            foreach (var syntax in Enum.GetValues<DxSyntax>()) File.WriteAllBytes(Path.Combine(folder, $"{name}.{syntax}.dcm"), CodingCase.File(name, syntax));
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
