using System.Globalization;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Tests.Dicom;

public sealed class GrayscalePipelineTests
{
    // Values are stored with six decimals; fp32 and the closed form stay within one step of 16 bits.
    private const double Tolerance = 1.0 / 65535 + 1e-6;

    [Fact]
    public void Brightness_is_that_of_pydicom_for_300_random_headers()
    {
        var faults = new List<string>();
        var (linear, count) = (0, 0);
        foreach (var line in OracleFile.Read("grayscale-cases.csv.gz"))
        {
            count++;
            var compiled = Compile(Convert.FromBase64String(line[2]), out var stored);
            if (compiled.Transform.IsLinear) linear++;
            if (compiled.Voi != line[1]) faults.Add($"{line[0]}: {compiled.Voi}");
            var expected = line[3].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            var worst = stored.Select((value, i) => Math.Abs(compiled.Transform.Apply(value) - expected[i])).Max();
            if (worst > Tolerance) faults.Add($"{line[0]}: differs by {worst}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal(300, count);
        Assert.InRange(linear, 30, 270); // both forms were held to it
    }

    [Fact]
    public void Polarity_is_that_of_DCMTK_for_each_photometric_interpretation_and_presentation_shape()
    {
        var cases = OracleFile.Read("polarity-cases.csv.gz").ToArray();
        Assert.Equal(6, cases.Length);
        foreach (var line in cases)
        {
            var compiled = Compile(Convert.FromBase64String(line[2]), out var stored);
            var expected = line[3].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            for (var i = 0; i < stored.Length; i++)
                Assert.True(Math.Abs(compiled.Transform.Apply(stored[i]) - expected[i]) < 1.0 / 255, line[0]); // dcm2pnm: 8 bits
        }
    }

    private static CompiledGrayscale Compile(ReadOnlySpan<byte> file, out int[] stored)
    {
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        using var pixels = FrameDecoder.Decode(file, dataset, 1, pool).Pixels!;
        stored = StoredValues(pixels);
        return GrayscalePipeline.Compile(file, dataset, pixels);
    }

    private static int[] StoredValues(StoredPixels pixels) => pixels.Kind switch
    {
        SampleKind.U8 => [.. pixels.Samples<byte>().ToArray()],
        SampleKind.S8 => [.. pixels.Samples<sbyte>().ToArray()],
        SampleKind.U16 => [.. pixels.Samples<ushort>().ToArray()],
        SampleKind.S16 => [.. pixels.Samples<short>().ToArray()],
        _ => throw new ArgumentOutOfRangeException(nameof(pixels)),
    };
}
