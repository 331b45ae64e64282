using System.Globalization;
using BenchmarkDotNet.Running;
using BulkImplantScan.Benchmarks.Dicom;

if (args is ["agreement", var films]) await ReducedAgreement.RunAsync(int.Parse(films, CultureInfo.InvariantCulture));
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
