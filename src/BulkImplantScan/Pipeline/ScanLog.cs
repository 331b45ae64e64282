using System.Text.Json;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Results;

namespace BulkImplantScan.Pipeline;

/// <summary>The run's log: a line of JSON per scan with rates and stage times, which the rows must not hold.</summary>
internal sealed class ScanLog(RunFolder run)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Adds the figures of one scan.</summary>
    public void Append(ScanMeter meter, IReadOnlyList<ComputeDevice> devices, NativeCodecs codecs)
    {
        var line = JsonSerializer.Serialize(
            new
            {
                EndedUtc = TimeProvider.System.GetUtcNow(),
                Device = string.Join("; ", devices.Select(device => device.Description)),
                devices[0].BatchSize,
                DeviceNotes = devices.SelectMany(device => device.Notes),
                Films = meter.Recorded,
                Seconds = Math.Round(meter.Elapsed.TotalSeconds, 3),
                FilmsPerSecond = Math.Round(meter.FilmsPerSecond, 2),
                LimitingStage = meter.Limiting.Name,
                Stages = meter.Stages.Select(stage => new
                {
                    stage.Name,
                    stage.Workers,
                    stage.Films,
                    BusySeconds = Math.Round(stage.Busy.TotalSeconds, 3),
                }),
                PeakRssBytes = PeakRss(),
                DecoderFaults = codecs.Incidents,
            },
            Json);
        AtomicFile.Guard(run.LogPath, () =>
        {
            Directory.CreateDirectory(run.LogPath);
            File.AppendAllText(Path.Combine(run.LogPath, "scan.jsonl"), line + "\n");
            return true;
        });
    }

    private static long PeakRss()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
