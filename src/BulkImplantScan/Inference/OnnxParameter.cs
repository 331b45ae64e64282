namespace BulkImplantScan.Inference;

/// <summary>A named constant of an ONNX node: what ONNX calls an attribute (AttributeProto).</summary>
public sealed class OnnxParameter
{
    private readonly ProtobufMessage _message;

    private OnnxParameter(ProtobufMessage message) => _message = message;

    /// <summary>An integer, such as <c>axis</c>.</summary>
    public static OnnxParameter Integer(string name, long value) =>
        new(new ProtobufMessage().Add(1, name).Add(3, value).Add(20, 2));

    /// <summary>A real number, such as <c>alpha</c>.</summary>
    public static OnnxParameter Real(string name, float value) =>
        new(new ProtobufMessage().Add(1, name).Add(2, value).Add(20, 1));

    /// <summary>A list of integers, such as <c>strides</c>.</summary>
    public static OnnxParameter Integers(string name, params ReadOnlySpan<long> values)
    {
        var message = new ProtobufMessage().Add(1, name);
        foreach (var value in values) message.Add(8, value);
        return new(message.Add(20, 7));
    }

    internal ProtobufMessage ToMessage() => _message;
}
