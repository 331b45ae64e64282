using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BulkImplantScan.Inference;

/// <summary>A protobuf message under construction: fields are appended in the order of the calls.</summary>
/// <remarks>ONNX needs a few dozen fields of its schema, so they are written by number (see <see cref="OnnxGraph"/>)
/// instead of through classes generated from all of onnx.proto. The encoding: protobuf.dev, "Encoding". Large contents
/// are kept as they were given, not copied into each message around them: weights are a hundred megabytes.</remarks>
internal sealed class ProtobufMessage
{
    // Below this a copy costs less than another part.
    private const int PartBytes = 4096;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private ArrayBufferWriter<byte> _open = new();
    private long _closedBytes;

    /// <summary>Bytes so far.</summary>
    private long Length => _closedBytes + _open.WrittenCount;

    public ProtobufMessage Add(int field, long value)
    {
        Write(field, ProtobufWire.Varint);
        Write((ulong)value);
        return this;
    }

    public ProtobufMessage Add(int field, float value)
    {
        Write(field, ProtobufWire.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_open.GetSpan(sizeof(float)), value);
        _open.Advance(sizeof(float));
        return this;
    }

    /// <summary>Adds bytes, which stay unchanged until the message is written.</summary>
    public ProtobufMessage Add(int field, ReadOnlyMemory<byte> bytes)
    {
        Write(field, ProtobufWire.LengthDelimited);
        Write((ulong)bytes.Length);
        Append(bytes);
        return this;
    }

    public ProtobufMessage Add(int field, string text) => Add(field, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a message that is complete.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage message)
    {
        Write(field, ProtobufWire.LengthDelimited);
        Write((ulong)message.Length);
        foreach (var part in message._parts) Append(part);
        Append(message._open.WrittenMemory);
        return this;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        var at = 0;
        foreach (var part in _parts)
        {
            part.CopyTo(bytes.AsMemory(at));
            at += part.Length;
        }

        _open.WrittenSpan.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < PartBytes)
        {
            _open.Write(bytes.Span);
            return;
        }

        _parts.Add(_open.WrittenMemory);
        _parts.Add(bytes);
        _closedBytes += _open.WrittenCount + bytes.Length;
        _open = new();
    }

    private void Write(int field, ProtobufWire wire) => Write((ulong)(uint)(field << 3 | (int)wire));

    private void Write(ulong value)
    {
        var span = _open.GetSpan(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7) span[count++] = (byte)(value | 0x80);
        span[count++] = (byte)value;
        _open.Advance(count);
    }
}
