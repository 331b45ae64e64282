namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>One rung: the path so far, batches in flight as in a scan.</summary>
/// <param name="Name">What it adds.</param>
/// <param name="FilmsPerSecond">Median of the runs.</param>
/// <param name="Least">Slowest run.</param>
/// <param name="Most">Fastest run.</param>
/// <param name="UploadBytesPerSecond">What crossed the bus; 0 on rungs without upload.</param>
internal sealed record LadderRung(string Name, double FilmsPerSecond, double Least, double Most, double UploadBytesPerSecond);
