using BenchmarkDotNet.Running;
using BulkImplantScan.Benchmarks.Pipeline;

if (args is ["front-end", ..]) return FrontEndCommand.Run(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
