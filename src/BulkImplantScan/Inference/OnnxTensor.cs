namespace BulkImplantScan.Inference;

/// <summary>Weights or constants of an ONNX file.</summary>
/// <param name="Name">Of the value.</param>
/// <param name="Type">TensorProto.DataType: 1 fp32, 7 int64, 10 fp16, ….</param>
/// <param name="Extents">Shape; empty for a scalar.</param>
/// <param name="Floats">Little-endian fp32 values of an fp32 tensor, as many as the shape says; else empty.</param>
/// <param name="Encoded">The whole tensor.</param>
internal sealed record OnnxTensor(
    string Name, int Type, IReadOnlyList<long> Extents, ReadOnlyMemory<byte> Floats, ReadOnlyMemory<byte> Encoded)
{
    /// <summary><see cref="Type"/> of fp32.</summary>
    public const int Float = 1;

    /// <summary><see cref="Type"/> of int64.</summary>
    public const int Int64 = 7;

    /// <summary><see cref="Type"/> of fp16.</summary>
    public const int Half = 10;
}
