using System.Buffers.Binary;

namespace BulkImplantScan.Inference;

/// <summary>Rewrites a network so that it computes in fp16 up to the feature maps, and in fp32 from there.</summary>
/// <remarks><para>Inputs and outputs stay fp32, with a Cast at either end, so kernels and bindings need not know. The head stays
/// fp32 too: it is a thousandth of the work, its sums over channels gain most from the bits, and gradients, rows of the head over h·w, would fall
/// among fp16's subnormal numbers (below 6·10⁻⁵).</para>
/// <para>A value that is used on both sides is made in fp16 under a new name and cast to the old one.</para></remarks>
internal sealed class HalfGraph
{
    // Smallest normal fp16.
    private const float SmallestNormal = 6.103515625e-5f;

    // Newest IR version whose files may leave weights out of the inputs; older ones must list them.
    private const long LeastIrVersion = 4;

    // Of which the standard lets all real inputs and outputs be fp16 (one type variable T), and of which one output is enough.
    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal)
    {
        "Add", "AveragePool", "BatchNormalization", "Clip", "Concat", "Conv", "Elu", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid",
        "HardSwish", "Identity", "LeakyRelu", "MaxPool", "Mul", "PRelu", "Relu", "Sigmoid", "Sub", "Sum", "Tanh",
    };

    private readonly OnnxFile _file;
    private readonly bool _isEmulated;
    private readonly HashSet<OnnxNode> _half = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedOutside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtobufMessage> _halved = new(StringComparer.Ordinal);
    private readonly ProtobufMessage _graph = new();
    private long _count, _vanished, _coarse;
    private float _largest;

    private HalfGraph(OnnxFile file, bool isEmulated) => (_file, _isEmulated) = (file, isEmulated);

    /// <summary>Rewrites a network.</summary>
    /// <param name="onnx">Content of model.onnx.</param>
    /// <param name="tensors">Names of input and feature maps.</param>
    /// <returns>Content of the new model.onnx, and what became of the weights.</returns>
    /// <exception cref="ModelPackageException">Damaged, with operators that are not known to work in fp16, or with weights outside
    /// fp16's range.</exception>
    public static (byte[] Onnx, HalvedWeights Weights) Write(ReadOnlyMemory<byte> onnx, ModelTensors tensors)
    {
        var half = new HalfGraph(OnnxFile.Read(onnx), isEmulated: false);
        half.Divide(tensors.FeatureMaps);
        half.WriteNodes(tensors.Input);
        return (half.Finish(), new(half._count, half._largest, half._vanished, half._coarse));
    }

    /// <summary>Rewrites a network so that it rounds weights and the result of every operator to fp16, as the twin does, but computes
    /// each operator in fp32.</summary>
    /// <remarks>What a device does that multiplies fp16 and adds in fp32, for processors without fp16: ONNX Runtime's CPU provider
    /// takes the roundings out of a true fp16 network. More of them than where a device joins operators.</remarks>
    /// <returns>Content of the new model.onnx: an fp32 model.</returns>
    /// <exception cref="ModelPackageException">As for <see cref="Write"/>.</exception>
    public static byte[] WriteEmulation(ReadOnlyMemory<byte> onnx, ModelTensors tensors)
    {
        var half = new HalfGraph(OnnxFile.Read(onnx), isEmulated: true);
        half.Divide(tensors.FeatureMaps);
        half.WriteNodes(tensors.Input);
        return half.Finish();
    }

    /// <summary>Finds the nodes that the feature maps depend on, and the values that others take from them.</summary>
    private void Divide(string featureMaps)
    {
        var needed = new HashSet<string>([featureMaps], StringComparer.Ordinal);
        foreach (var node in Enumerable.Reverse(_file.Nodes))
        {
            if (node.HasGraph) throw new ModelPackageException($"model.onnx has a graph inside a node {node.Operation}; this program does not rewrite such a file.");
            _names.UnionWith(node.Inputs);
            _names.UnionWith(node.Outputs);
            if (!node.Outputs.Any(needed.Contains))
            {
                _usedOutside.UnionWith(node.Inputs);
                continue;
            }

            if (node.Domain is not ("" or "ai.onnx") || !Operations.Contains(node.Operation) || node.Outputs.Count != 1)
            {
                throw new ModelPackageException(
                    $"model.onnx computes its feature maps with {node.Operation} of {node.Outputs.Count} outputs{(node.Domain.Length == 0 ? "" : $" ({node.Domain})")}, which this program cannot turn into fp16; it knows {string.Join(", ", Operations.Order(StringComparer.Ordinal))}.");
            }

            _half.Add(node);
            needed.UnionWith(node.Inputs.Where(name => name.Length > 0));
        }

        if (_half.Count == 0) throw new ModelPackageException($"model.onnx has no node that makes \"{featureMaps}\".");
        _names.UnionWith(_file.Tensors.Keys);
        _names.UnionWith(_file.Inputs.Select(input => input.Name));
        _usedOutside.UnionWith(_file.Outputs.Select(output => output.Name));
    }

    private void WriteNodes(string input)
    {
        if (!_file.Inputs.Any(declared => declared.Name == input)) throw new ModelPackageException($"model.onnx has no input \"{input}\".");
        _renamed[input] = NewName(input);
        if (_isEmulated) WriteRounding(input, _renamed[input]);
        else WriteCast(input, _renamed[input], OnnxTensor.Half);
        foreach (var node in _file.Nodes)
        {
            if (!_half.Contains(node))
            {
                _graph.Add(1, node.Encoded);
                continue;
            }

            var message = new ProtobufMessage();
            foreach (var name in node.Inputs) message.Add(1, name.Length == 0 ? "" : HalfOf(name, node));
            var output = node.Outputs[0];
            var hasOther = _isEmulated || _usedOutside.Contains(output);
            var made = hasOther ? NewName(output) : output;
            _renamed[output] = _isEmulated ? output : made;
            message.Add(2, made).Add(3, node.Name).Add(4, node.Operation);
            foreach (var parameter in node.Parameters) message.Add(5, parameter);
            _graph.Add(1, message);
            if (_isEmulated) WriteRounding(made, output);
            else if (hasOther) WriteCast(made, output, OnnxTensor.Float);
        }
    }

    private byte[] Finish()
    {
        _graph.Add(2, _file.Name);
        foreach (var tensor in _file.Tensors.Values)
        {
            if (_halved.TryGetValue(tensor.Name, out var halved)) _graph.Add(5, halved);
            if (halved is null || _usedOutside.Contains(tensor.Name)) _graph.Add(5, tensor.Encoded);
        }

        foreach (var (_, encoded) in _file.Inputs) _graph.Add(11, encoded);
        foreach (var (_, encoded) in _file.Outputs) _graph.Add(12, encoded);
        var model = new ProtobufMessage().Add(1, Math.Max(_file.IrVersion, LeastIrVersion)).Add(2, "BulkImplantScan").Add(7, _graph);
        foreach (var set in _file.OperatorSets) model.Add(8, set);
        return model.ToBytes();
    }

    /// <summary>The name under which a value is there in fp16; weights are rounded when they are first asked for.</summary>
    private string HalfOf(string name, OnnxNode user)
    {
        if (_renamed.TryGetValue(name, out var renamed)) return renamed;
        if (!_file.Tensors.TryGetValue(name, out var tensor))
            throw new ModelPackageException($"model.onnx has a node {user.Operation} that uses \"{name}\" before it is made.");
        if (tensor.Type == OnnxTensor.Int64) return name; // axes, shapes
        if (tensor.Type != OnnxTensor.Float) throw new ModelPackageException($"model.onnx has weights \"{name}\" of type {tensor.Type}; only fp32 becomes fp16.");
        var half = _isEmulated || _usedOutside.Contains(name) ? NewName(name) : name;
        _halved[name] = Halve(tensor, half);
        if (!_isEmulated) return _renamed[name] = half;
        _renamed[name] = NewName(name);
        WriteCast(half, _renamed[name], OnnxTensor.Float);
        return _renamed[name];
    }

    private ProtobufMessage Halve(OnnxTensor tensor, string name)
    {
        var floats = tensor.Floats.Span;
        var halves = new byte[floats.Length / 2];
        for (var i = 0; i < halves.Length; i += 2)
        {
            var weight = BinaryPrimitives.ReadSingleLittleEndian(floats[(2 * i)..]);
            var half = (Half)weight;

            // Not clamped: a network with such a weight is another network then.
            if (!Half.IsFinite(half)) throw new ModelPackageException($"model.onnx has a weight {weight:G4} in \"{tensor.Name}\", but fp16 ends at 65504; such a network stays fp32.");
            BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(i), half);
            var magnitude = Math.Abs(weight);
            _largest = Math.Max(_largest, magnitude);
            if (magnitude is < SmallestNormal and > 0)
            {
                if (half == Half.Zero) _vanished++;
                else _coarse++;
            }
        }

        _count += halves.Length / 2;
        var message = new ProtobufMessage();
        foreach (var extent in tensor.Extents) message.Add(1, extent);
        return message.Add(2, OnnxTensor.Half).Add(8, name).Add(9, halves);
    }

    private void WriteRounding(string from, string to)
    {
        var half = NewName(from);
        WriteCast(from, half, OnnxTensor.Half);
        WriteCast(half, to, OnnxTensor.Float);
    }

    private void WriteCast(string from, string to, int type) =>
        _graph.Add(1, new ProtobufMessage().Add(1, from).Add(2, to).Add(3, $"{to}.cast").Add(4, "Cast").Add(5, OnnxParameter.Integer("to", type).ToMessage()));

    private string NewName(string name)
    {
        var made = $"{name}.fp16";
        while (!_names.Add(made)) made += "_";
        return made;
    }
}
