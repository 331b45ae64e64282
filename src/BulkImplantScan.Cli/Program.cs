using BulkImplantScan.Cli;

// Stages block pool threads while they compute; the pool would otherwise add threads one by one, half a second apart.
ThreadPool.SetMinThreads(Environment.ProcessorCount + 8, Environment.ProcessorCount + 8);
return await CommandLine.RunAsync(args);
