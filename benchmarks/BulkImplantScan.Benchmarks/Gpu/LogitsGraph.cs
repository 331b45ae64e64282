using BulkImplantScan.Inference;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>A network without what Grad-CAM needs: only the nodes that its logits depend on.</summary>
/// <remarks>ONNX Runtime runs every node of a graph, whoever reads the outcome, so a session that is to show what the network costs alone
/// must not have the others.</remarks>
internal static class LogitsGraph
{
    // Older files list weights among the inputs; those that are not used here would be inputs without a value.
    private const long LeastIrVersion = 4;

    /// <summary>Content of a model.onnx with the same input and the logits as its only output.</summary>
    /// <param name="onnx">Content of a package's model.onnx.</param>
    /// <param name="logits">Name of the output.</param>
    /// <exception cref="ModelPackageException">A file that is not understood.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> onnx, string logits)
    {
        var file = OnnxFile.Read(onnx);
        var needed = new HashSet<string>([logits], StringComparer.Ordinal);
        List<OnnxNode> nodes = [];
        foreach (var node in Enumerable.Reverse(file.Nodes))
        {
            if (node.HasGraph) throw new ModelPackageException($"model.onnx has a graph inside a node {node.Operation}; what its logits depend on is not clear.");
            if (!node.Outputs.Any(needed.Contains)) continue;
            needed.UnionWith(node.Inputs);
            nodes.Add(node);
        }

        var graph = new ProtobufMessage();
        foreach (var node in Enumerable.Reverse(nodes)) graph.Add(1, node.Encoded);
        graph.Add(2, file.Name);
        foreach (var tensor in file.Tensors.Values.Where(tensor => needed.Contains(tensor.Name))) graph.Add(5, tensor.Encoded);
        foreach (var input in file.Inputs) graph.Add(11, input.Encoded);
        foreach (var output in file.Outputs.Where(output => output.Name == logits)) graph.Add(12, output.Encoded);
        var model = new ProtobufMessage().Add(1, Math.Max(file.IrVersion, LeastIrVersion)).Add(2, "BulkImplantScan").Add(7, graph);
        foreach (var operators in file.OperatorSets) model.Add(8, operators);
        return model.ToBytes();
    }
}
