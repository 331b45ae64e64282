using BenchmarkDotNet.Attributes;
using BulkImplantScan.Dicom;
using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>What a header costs: the whole file read and parsed, its first 16 KiB read and parsed, and parsing alone.</summary>
[MemoryDiagnoser]
public class HeaderBenchmarks
{
    private readonly byte[] _prefix = new byte[16 << 10];
    private readonly DicomDataset _dataset = new();
    private RealFilm _film = null!;

    [GlobalSetup]
    public void Setup() => _film = new("hip_cr_jpegll70.dcm");

    [Benchmark(Baseline = true)]
    public ParseStatus WholeFile() => DicomReader.Parse(File.ReadAllBytes(_film.Path), true, _dataset).Status;

    [Benchmark]
    public ParseStatus Prefix()
    {
        using SafeFileHandle file = File.OpenHandle(_film.Path);
        var length = RandomAccess.Read(file, _prefix, 0);
        return DicomReader.Parse(_prefix.AsSpan(0, length), false, _dataset).Status;
    }

    [Benchmark]
    public ParseStatus ParseOnly() => DicomReader.Parse(_film.File, true, _dataset).Status;
}
