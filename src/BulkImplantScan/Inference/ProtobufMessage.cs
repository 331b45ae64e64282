using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BulkImplantScan.Inference;

/// <summary>A protobuf message under construction: fields are appended in the order of the calls.</summary>
/// <remarks>ONNX needs a few dozen fields of its schema, so they are written by number (see <see cref="OnnxGraph"/>)
/// instead of through classes generated from all of onnx.proto. The encoding: protobuf.dev, "Encoding".</remarks>
internal sealed class ProtobufMessage
{
    // Wire types.
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ProtobufMessage Add(int field, long value)
    {
        Write(field, Varint);
        Write((ulong)value);
        return this;
    }

    public ProtobufMessage Add(int field, float value)
    {
        Write(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    public ProtobufMessage Add(int field, ReadOnlySpan<byte> bytes)
    {
        Write(field, LengthDelimited);
        Write((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public ProtobufMessage Add(int field, ProtobufMessage message) => Add(field, message._bytes.WrittenSpan);

    public byte[] ToBytes() => _bytes.WrittenSpan.ToArray();

    private void Write(int field, int wireType) => Write((ulong)(uint)(field << 3 | wireType));

    private void Write(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7) span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        _bytes.Advance(count);
    }
}
