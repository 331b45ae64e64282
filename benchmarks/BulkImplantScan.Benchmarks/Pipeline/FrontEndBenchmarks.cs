using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Benchmarks.Pipeline;

/// <summary>A film of 2500 rows in the page cache to its normalised tensor, one core: each transfer syntax that the phantoms are
/// written in. Allocation a film is what a row and an open file take, a few KB; pixels lie in pools.</summary>
/// <remarks><c>docs/benchmarks/front-end.sh</c> measures all syntaxes against the Python peer.</remarks>
[MemoryDiagnoser]
public class FrontEndBenchmarks
{
    private const int Films = 4;
    private const int LongSide = 2500;

    // Static: BenchmarkDotNet wants no disposable benchmarks.
    private static FrontEnd s_frontEnd = null!;

    private readonly FrontEnd.Worker _worker = new();
    private string _folder = "";
    private int _next;

    [Params("explicit", "implicit", "deflated", "rle", "jpeg-lossless")]
    public string Syntax { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("bis-front-end-").FullName;
        for (ulong seed = 1; seed <= Films; seed++)
        {
            var bytes = DxWriter.Write(Phantom.Render(seed, Design.None, LongSide), Header((int)seed), Syntax switch
            {
                "implicit" => DxSyntax.ImplicitLittleEndian,
                "rle" => DxSyntax.Rle,
                "jpeg-lossless" => DxSyntax.JpegLossless,
                _ => DxSyntax.ExplicitLittleEndian,
            }, Syntax == "deflated" ? "1.2.840.10008.1.2.1.99" : null);
            if (Syntax == "deflated") bytes = Deflate(bytes);
            File.WriteAllBytes(Path.Combine(_folder, $"{seed}.dcm"), bytes);
        }

        s_frontEnd = new(_folder, isExact: false);
    }

    [Benchmark]
    public void Film() => s_frontEnd.Run(_next++, _worker);

    [GlobalCleanup]
    public void Cleanup()
    {
        s_frontEnd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Header Header(int number) => new()
    {
        PatientNumber = $"B{number}", PatientName = "BENCHMARK", Female = false, Birth = new(1950, 1, 1), Taken = new(2020, 1, 1, 12, 0, 0),
        Age = 70, Institution = "BENCHMARK", StudyUid = "2.25.1", SeriesUid = "2.25.2", InstanceUid = $"2.25.3{number}", Accession = "1",
        InstanceNumber = number,
    };

    // Behind the file meta information, whose length stands in its first element.
    private static byte[] Deflate(byte[] film)
    {
        var dataSet = 132 + 12 + BitConverter.ToInt32(film, 132 + 8);
        using var target = new MemoryStream();
        target.Write(film, 0, dataSet);
        using (var deflater = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true)) deflater.Write(film.AsSpan(dataSet));
        return target.ToArray();
    }
}
