using System.Globalization;
using BenchmarkDotNet.Running;
using BulkImplantScan.Benchmarks.Dicom;
using BulkImplantScan.Benchmarks.Gpu;
using BulkImplantScan.Benchmarks.Imaging;
using BulkImplantScan.Benchmarks.Inference;
using BulkImplantScan.Benchmarks.Phantoms;
using BulkImplantScan.Benchmarks.Pipeline;

switch (args)
{
    case ["films", ..]: return FilmsCommand.Run(args[1..]);
    case ["front-end", ..]: return FrontEndCommand.Run(args[1..]);
    case ["gpu-ladder", ..]: return LadderCommand.Run(args[1..]);
    case ["gpu-probe", ..]: return ProbeCommand.Run(args[1..]);
    case ["jpeg-2000-device", ..]: return Jpeg2000DeviceCommand.Run(args[1..]);
    case ["jpeg-lossless-device", ..]: return JpegLosslessDeviceCommand.Run(args[1..]);
    case ["kernels", ..]: return KernelsCommand.Run(args[1..]);
    case ["agreement", var films]: await ReducedAgreement.RunAsync(int.Parse(films, CultureInfo.InvariantCulture)); return 0;
    case ["precision", ..]: return await PrecisionAgreement.RunAsync(args[1..]);
    default: BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); return 0;
}
