using System.Globalization;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>The bare network, run another way.</summary>
/// <param name="Name">Of the <see cref="NetworkVariant"/>.</param>
/// <param name="Milliseconds">Of a batch on the device; null where it does not run so.</param>
/// <param name="Refusal">What ONNX Runtime says then; else null.</param>
internal sealed record VariantFigures(string Name, double? Milliseconds, string? Refusal)
{
    /// <summary>For the screen.</summary>
    internal string Line => Milliseconds is { } milliseconds
        ? string.Create(CultureInfo.InvariantCulture, $"# bare network, {Name}: {milliseconds:0.000} ms a batch")
        : $"# bare network, {Name}: refused: {Refusal}";
}
