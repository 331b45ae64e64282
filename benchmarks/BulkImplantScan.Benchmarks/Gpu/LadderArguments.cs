using System.Globalization;
using BulkImplantScan.Benchmarks.Imaging;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>What <c>gpu-ladder</c> and <c>gpu-probe</c> are told; sizes that are left out suit the device.</summary>
internal sealed record LadderArguments
{
    private const int EmulatorBatch = 2;

    public required string Model { get; init; }

    public string Device { get; init; } = "cuda:0";

    public int Batch { get; init; }

    public int Slots { get; init; } = new ScanOptions().Slots;

    public (int Rows, int Columns) Film { get; init; }

    public NetworkPrecision? Precision { get; init; }

    public double Seconds { get; init; } = 5;

    public int Runs { get; init; } = 3;

    /// <summary>File to write; empty for none.</summary>
    public string Json { get; init; } = "";

    /// <summary>ILGPU's CPU accelerator: shows that a command runs, and says nothing of speed.</summary>
    public bool IsEmulator => Device == "cpu";

    /// <summary>Null, and a line on stderr, for arguments that are not understood.</summary>
    public static LadderArguments? Parse(string[] arguments, string usage)
    {
        var isKnown = arguments.Length % 2 == 1 && !arguments[0].StartsWith('-');
        var parsed = new LadderArguments { Model = isKnown ? arguments[0] : "" };
        for (var i = 1; isKnown && i < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole > 0 ? whole : (int?)null;
            NetworkPrecision precision = default;
            (int, int) side = default;
            var seconds = 0.0;
            LadderArguments? next = arguments[i] switch
            {
                "--device" when value == "cpu" || value.StartsWith("cuda:", StringComparison.Ordinal) => parsed with { Device = value },
                "--batch" when number is { } films and <= NetworkSession.MaximumBatchSize => parsed with { Batch = films },
                "--slots" when number is { } slots and <= 16 => parsed with { Slots = slots },
                "--runs" when number is { } runs and <= 100 => parsed with { Runs = runs },
                "--film" when KernelsCommand.TryParse(value, out side) => parsed with { Film = side },
                "--precision" when Enum.TryParse(value, ignoreCase: true, out precision) => parsed with { Precision = precision },
                "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out seconds) && seconds > 0 => parsed with { Seconds = seconds },
                "--json" => parsed with { Json = value },
                _ => null,
            };
            isKnown = next is not null;
            parsed = next ?? parsed;
        }

        if (!isKnown)
        {
            Console.Error.WriteLine(usage);
            return null;
        }

        return parsed with
        {
            Batch = parsed.Batch > 0 ? parsed.Batch : parsed.IsEmulator ? EmulatorBatch : IlgpuDevice.DefaultBatchSize,
            Film = parsed.Film.Rows > 0 ? parsed.Film : parsed.IsEmulator ? (40, 48) : (2500, 2048),
        };
    }

    /// <summary>The device, with what it has to say of itself on stderr.</summary>
    public IlgpuDevice Open()
    {
        var model = ModelPackage.Load(Model);
        var device = IsEmulator
            ? IlgpuDevice.OnEmulator(model, Batch)
            : IlgpuDevice.OnCuda(model, int.Parse(Device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture), Batch, new() { Precision = Precision });
        foreach (var note in device.Notes) Console.Error.WriteLine(note);
        return device;
    }
}
