namespace BulkImplantScan.Inference;

/// <summary>A field of a protobuf message as it was read.</summary>
/// <param name="Number">Of the schema, 1 or more.</param>
/// <param name="Wire">How it is encoded.</param>
/// <param name="Value">Of varints and fixed widths, as unsigned bits; else 0.</param>
/// <param name="Content">Of length-delimited fields; else empty.</param>
/// <param name="Encoded">The whole field with its tag, to be written again as it is.</param>
internal readonly record struct ProtobufField(
    int Number, ProtobufWire Wire, ulong Value, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Encoded);
