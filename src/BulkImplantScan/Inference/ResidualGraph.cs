using BulkImplantScan.Imaging;

namespace BulkImplantScan.Inference;

/// <summary>A residual network as an ONNX graph that also yields what Grad-CAM needs.</summary>
public static class ResidualGraph
{
    /// <summary>Writes the network.</summary>
    /// <param name="architecture">Shape of the network.</param>
    /// <param name="input">C, H and W.</param>
    /// <param name="classes">Columns of the logits.</param>
    /// <param name="weights">By name, as <see cref="ResidualConvolution.Name"/> says, normalisation folded in;
    /// <c>head.weight</c> is [classes, K], <c>head.bias</c> [classes].</param>
    /// <param name="tensors">Names of input and outputs.</param>
    /// <returns>Content of model.onnx.</returns>
    /// <exception cref="KeyNotFoundException">A weight is missing.</exception>
    /// <exception cref="ArgumentException">A weight has another size.</exception>
    public static byte[] Write(
        ResidualArchitecture architecture, InputGeometry input, int classes, IReadOnlyDictionary<string, float[]> weights, ModelTensors tensors)
    {
        var graph = new OnnxGraph("residual");

        string Convolve(ResidualConvolution convolution, string from)
        {
            var (name, inputs, outputs, kernel, stride) = convolution;
            return graph.Node(
                "Conv",
                name,
                [
                    from,
                    graph.Weights($"{name}.weight", weights[$"{name}.weight"], outputs, inputs, kernel, kernel),
                    graph.Weights($"{name}.bias", weights[$"{name}.bias"], outputs),
                ],
                OnnxParameter.Integers("kernel_shape", kernel, kernel),
                OnnxParameter.Integers("strides", stride, stride),
                OnnxParameter.Integers("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2));
        }

        graph.Input(tensors.Input, input.Channels, input.Height, input.Width);
        var last = graph.Node("Relu", "stem.relu", [Convolve(architecture.Stem(input.Channels), tensors.Input)]);
        if (architecture.HasStemPool)
        {
            last = graph.Node(
                "MaxPool",
                "stem.pool",
                [last],
                OnnxParameter.Integers("kernel_shape", 3, 3),
                OnnxParameter.Integers("strides", 2, 2),
                OnnxParameter.Integers("pads", 1, 1, 1, 1));
        }

        var blocks = architecture.Blocks().ToArray();
        foreach (var block in blocks)
        {
            var inner = Convolve(block.Path[0], last);
            for (var i = 1; i < block.Path.Count; i++)
                inner = Convolve(block.Path[i], graph.Node("Relu", $"{block.Name}.relu{i}", [inner]));
            var shortcut = block.Shortcut is { } convolution ? Convolve(convolution, last) : last;
            var sum = graph.Node("Add", $"{block.Name}.sum", [inner, shortcut]);
            last = graph.Node("Relu", block == blocks[^1] ? tensors.FeatureMaps : $"{block.Name}.relu{block.Path.Count}", [sum]);
        }

        Head(graph, architecture, input, classes, weights, tensors);
        return graph.ToBytes();
    }

    // Y = W·mean(A) + b, so ∂Y_c/∂A_k = W_ck / (h·w) at every position: the row of W of the class that won.
    private static void Head(
        OnnxGraph graph, ResidualArchitecture architecture, InputGeometry input, int classes, IReadOnlyDictionary<string, float[]> weights, ModelTensors tensors)
    {
        var channels = architecture.FeatureChannels;
        var (height, width) = (architecture.Cells(input.Height), architecture.Cells(input.Width));

        // A 1 × 1 convolution, not Gemm: it is computed film by film, so a film's logits cannot depend on the batch size. A Gemm
        // over all films may choose its kernel, and so the order of its sums, by their number (it did not when tried: ONNX
        // Runtime 1.31, AVX-512, 160 × 7; but nothing promises that).
        var pooled = graph.Node("GlobalAveragePool", "pooled", [tensors.FeatureMaps]);
        var scores = graph.Node(
            "Conv",
            "head",
            [pooled, graph.Weights("head.weight", weights["head.weight"], classes, channels, 1, 1), graph.Weights("head.bias", weights["head.bias"], classes)],
            OnnxParameter.Integers("kernel_shape", 1, 1));
        graph.Node("Flatten", tensors.Logits, [scores], OnnxParameter.Integer("axis", 1));

        var gradient = weights["head.weight"].Select(weight => weight / (height * width)).ToArray();
        var winner = graph.Node("ArgMax", "winner", [tensors.Logits], OnnxParameter.Integer("axis", 1), OnnxParameter.Integer("keepdims", 0));
        var row = graph.Node("Gather", "winner.gradient", [graph.Weights("head.gradient", gradient, classes, channels, 1, 1), winner]);
        graph.Node("Expand", tensors.Gradients, [row, graph.Integers("cells", 1, 1, height, width)]);

        graph.Output(tensors.Logits, classes);
        graph.Output(tensors.FeatureMaps, channels, height, width);
        graph.Output(tensors.Gradients, channels, height, width);
    }
}
