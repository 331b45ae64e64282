namespace BulkImplantScan.Inference;

/// <summary>A node of an ONNX file.</summary>
/// <param name="Name">May be empty.</param>
/// <param name="Operation">Operator, such as <c>Conv</c>.</param>
/// <param name="Domain">Empty for the operators of ONNX itself.</param>
/// <param name="Inputs">Names of values; empty where an optional one is left out.</param>
/// <param name="Outputs">Names of values.</param>
/// <param name="Parameters">Encoded attributes.</param>
/// <param name="HasGraph">An attribute is a graph, which may use any value of the graph around it.</param>
/// <param name="Encoded">The whole node.</param>
internal sealed record OnnxNode(
    string Name, string Operation, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyList<ReadOnlyMemory<byte>> Parameters, bool HasGraph, ReadOnlyMemory<byte> Encoded);
