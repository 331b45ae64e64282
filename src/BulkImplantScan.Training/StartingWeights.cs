using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>The weights of a package that <c>train</c> wrote, by the names that <see cref="ResidualGraph.Write"/> gives them.</summary>
/// <param name="Weights">As <see cref="ResidualModule.Fold"/>.</param>
/// <param name="Classes">Ids in the order of the head's rows.</param>
internal sealed record StartingWeights(IReadOnlyDictionary<string, float[]> Weights, IReadOnlyList<string> Classes)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ModelPackageException">No such package.</exception>
    /// <exception cref="TrainingException">Its network is none that can be read.</exception>
    public static StartingWeights Read(string folder)
    {
        var package = ModelPackage.Load(folder);
        try
        {
            var tensors = OnnxFile.Read(package.ReadModel()).Tensors.Values.Where(tensor => tensor.Type == OnnxTensor.Float);
            return new(
                tensors.ToDictionary(tensor => tensor.Name, tensor => MemoryMarshal.Cast<byte, float>(tensor.Floats.Span).ToArray(), StringComparer.Ordinal),
                [.. package.Classes.Select(device => device.Id)]);
        }
        catch (InvalidDataException)
        {
            throw new TrainingException($"the network of {folder} cannot be read; start from a package that train wrote.");
        }
    }

    /// <summary>As many channels inside each block as a narrower network has: those with the largest weights, of what goes in and what
    /// comes out of them together (after Li 2017, "Pruning filters for efficient ConvNets"). What is lost has to be trained again.</summary>
    public StartingWeights Pruned(ResidualArchitecture architecture)
    {
        var weights = new Dictionary<string, float[]>(Weights, StringComparer.Ordinal);
        foreach (var path in architecture.Blocks().Select(block => block.Path).Where(path => path.Count == 2))
        {
            var (into, outOf, kept) = (path[0], path[1], path[0].OutputChannels);
            if (!weights.TryGetValue($"{into.Name}.weight", out var first) || !weights.TryGetValue($"{outOf.Name}.weight", out var last)) continue;
            var bias = weights[$"{into.Name}.bias"];
            var (inner, rows, area) = (bias.Length, outOf.OutputChannels, outOf.Kernel * outOf.Kernel);
            if (inner <= kept || last.Length != rows * inner * area) continue;
            var row = first.Length / inner;
            var strongest = Enumerable.Range(0, inner).OrderByDescending(Strength).Take(kept).Order().ToArray();
            weights[$"{into.Name}.weight"] = [.. strongest.SelectMany(c => first[(c * row)..((c + 1) * row)])];
            weights[$"{into.Name}.bias"] = [.. strongest.Select(c => bias[c])];
            weights[$"{outOf.Name}.weight"] = [.. Enumerable.Range(0, rows).SelectMany(o => strongest.SelectMany(c => Column(o, c)))];

            float[] Column(int output, int channel) => last[((output * inner + channel) * area)..((output * inner + channel + 1) * area)];
            double Strength(int channel) =>
                TensorPrimitives.Norm<float>(first.AsSpan(channel * row, row)) * TensorPrimitives.Norm<float>(Enumerable.Range(0, rows).SelectMany(o => Column(o, channel)).ToArray());
        }

        return this with { Weights = weights };
    }

    /// <summary>Per class the row of the head; −1 for a new one.</summary>
    public int[] RowsOf(IReadOnlyList<DeviceClass> classes)
    {
        var rows = Classes.Select((id, row) => (id, row)).ToDictionary(StringComparer.Ordinal);
        return [.. classes.Select(device => rows.GetValueOrDefault(device.Id, -1))];
    }
}
