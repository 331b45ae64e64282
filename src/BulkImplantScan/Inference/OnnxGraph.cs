using System.Runtime.InteropServices;

namespace BulkImplantScan.Inference;

/// <summary>An ONNX graph under construction; <see cref="ToBytes"/> is the content of a <c>.onnx</c> file.</summary>
/// <remarks>Field numbers and enumerations: onnx/onnx.proto3 of the ONNX project (IR version 8, operator set 17: read by
/// every ONNX Runtime since 1.12). The first extent of inputs and outputs is the symbol <c>N</c>.</remarks>
public sealed class OnnxGraph
{
    /// <summary>Version of the operator set that nodes are of.</summary>
    public const int OperatorSet = 17;

    /// <summary>Name of the batch extent.</summary>
    public const string BatchSymbol = "N";

    private const int IrVersion = 8;


    private readonly string _name;
    private readonly List<ProtobufMessage> _nodes = [];
    private readonly List<ProtobufMessage> _initializers = [];
    private readonly List<ProtobufMessage> _inputs = [];
    private readonly List<ProtobufMessage> _outputs = [];
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    /// <summary>An empty graph.</summary>
    public OnnxGraph(string name) => _name = name;

    /// <summary>Declares an fp32 input [N, <paramref name="extents"/>…] and returns its name.</summary>
    public string Input(string name, params ReadOnlySpan<long> extents)
    {
        _inputs.Add(ValueInfo(name, extents));
        return Define(name);
    }

    /// <summary>Declares a value that a node made to be an fp32 output [N, <paramref name="extents"/>…].</summary>
    public void Output(string name, params ReadOnlySpan<long> extents)
    {
        Require(name);
        _outputs.Add(ValueInfo(name, extents));
    }

    /// <summary>Adds fp32 weights and returns their name.</summary>
    /// <exception cref="ArgumentException">Not as many values as the extents say.</exception>
    public string Weights(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> extents)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("raw_data of ONNX is little endian");
        return Initializer(name, OnnxTensor.Float, MemoryMarshal.AsBytes(values).ToArray(), values.Length, extents);
    }

    /// <summary>Adds int64 constants (axes, shapes) and returns their name.</summary>
    public string Integers(string name, params ReadOnlySpan<long> values) =>
        Initializer(name, OnnxTensor.Int64, MemoryMarshal.AsBytes(values).ToArray(), values.Length, [values.Length]);

    /// <summary>Adds a node with one output and returns the name of that output, which is also the node's.</summary>
    /// <param name="operation">Operator of the ONNX standard, such as <c>Conv</c>.</param>
    /// <param name="output">New name.</param>
    /// <param name="inputs">Names of inputs, weights and outputs of earlier nodes.</param>
    /// <param name="parameters">What the operator needs besides.</param>
    /// <exception cref="ArgumentException">An input that is not there yet, or an output that already is.</exception>
    public string Node(string operation, string output, string[] inputs, params OnnxParameter[] parameters)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
        {
            Require(input);
            node.Add(1, input);
        }

        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach (var parameter in parameters) node.Add(5, parameter.ToMessage());
        _nodes.Add(node);
        return Define(output);
    }

    /// <summary>The ModelProto of this graph.</summary>
    public byte[] ToBytes()
    {
        var graph = new ProtobufMessage();
        foreach (var node in _nodes) graph.Add(1, node);
        graph.Add(2, _name);
        foreach (var initializer in _initializers) graph.Add(5, initializer);
        foreach (var input in _inputs) graph.Add(11, input);
        foreach (var output in _outputs) graph.Add(12, output);
        return new ProtobufMessage()
            .Add(1, IrVersion)
            .Add(2, "BulkImplantScan")
            .Add(7, graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorSet))
            .ToBytes();
    }

    private string Initializer(string name, int type, ReadOnlyMemory<byte> raw, long count, ReadOnlySpan<long> extents)
    {
        var tensor = new ProtobufMessage();
        var expected = 1L;
        foreach (var extent in extents)
        {
            tensor.Add(1, extent);
            expected = checked(expected * extent);
        }

        if (expected != count) throw new ArgumentException($"{name}: {count} values for a shape of {expected}");
        _initializers.Add(tensor.Add(2, type).Add(8, name).Add(9, raw));
        return Define(name);
    }

    private static ProtobufMessage ValueInfo(string name, ReadOnlySpan<long> extents)
    {
        var shape = new ProtobufMessage().Add(1, new ProtobufMessage().Add(2, BatchSymbol));
        foreach (var extent in extents) shape.Add(1, new ProtobufMessage().Add(1, extent));
        var tensor = new ProtobufMessage().Add(1, OnnxTensor.Float).Add(2, shape);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }

    private string Define(string name) =>
        _values.Add(name) ? name : throw new ArgumentException($"the graph already has a value {name}");

    private void Require(string name)
    {
        if (!_values.Contains(name)) throw new ArgumentException($"the graph has no value {name} yet");
    }
}
