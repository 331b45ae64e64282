namespace BulkImplantScan.Inference;

/// <summary>How a field of a protobuf message is encoded: the low three bits of its tag.</summary>
internal enum ProtobufWire
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
