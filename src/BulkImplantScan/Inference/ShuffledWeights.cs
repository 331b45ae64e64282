using System.Runtime.InteropServices;

namespace BulkImplantScan.Inference;

/// <summary>A network whose last layers say nothing any more: the values of each weight tensor change places at random.</summary>
/// <remarks>The model parameter randomisation test of Adebayo 2018 ("Sanity checks for saliency maps", section 3), cascading from the last
/// feature map towards the input. Shuffled, not drawn anew: each layer keeps its distribution, so numbers stay in range. What lies behind
/// the feature maps stays as it is, since Grad-CAM's gradients are computed from it.</remarks>
public static class ShuffledWeights
{
    /// <summary>Shuffles.</summary>
    /// <param name="onnx">A network in fp32.</param>
    /// <param name="featureMaps">Name of its last feature maps.</param>
    /// <param name="share">Of the layers with weights before them, the last that are shuffled, above 0 to 1; at least one.</param>
    /// <param name="seed">Same seed, same network.</param>
    /// <returns>Null: there are no fp32 weights before the feature maps, or the network has parts that <see cref="OnnxFile"/> does not
    /// understand (ONNX Runtime may run it all the same).</returns>
    public static byte[]? Write(ReadOnlySpan<byte> onnx, string featureMaps, double share, int seed)
    {
        var copy = onnx.ToArray();
        OnnxFile file;
        try
        {
            file = OnnxFile.Read(copy);
        }
        catch (ModelPackageException)
        {
            return null;
        }

        var layers = Before(file, featureMaps)
            .Select(node => node.Inputs.Where(input => file.Tensors.TryGetValue(input, out var tensor) && tensor is { Type: OnnxTensor.Float, Extents.Count: >= 2, Floats.IsEmpty: false }).ToArray())
            .Where(weights => weights.Length > 0)
            .ToArray();
        if (layers.Length == 0) return null;
        var random = new Random(seed);
        var last = Math.Clamp((int)Math.Round(share * layers.Length), 1, layers.Length);
        foreach (var name in layers[^last..].SelectMany(weights => weights).Distinct(StringComparer.Ordinal))
        {
            if (!MemoryMarshal.TryGetArray(file.Tensors[name].Floats, out var bytes) || bytes.Array != copy) return null;
            random.Shuffle(MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        }

        return copy;
    }

    /// <summary>Nodes that the feature maps are computed from, in their order.</summary>
    private static Stack<OnnxNode> Before(OnnxFile file, string featureMaps)
    {
        var needed = new HashSet<string>([featureMaps], StringComparer.Ordinal);
        var before = new Stack<OnnxNode>();
        for (var n = file.Nodes.Count - 1; n >= 0; n--)
        {
            if (!file.Nodes[n].Outputs.Any(needed.Contains)) continue;
            needed.UnionWith(file.Nodes[n].Inputs);
            before.Push(file.Nodes[n]);
        }

        return before;
    }
}
