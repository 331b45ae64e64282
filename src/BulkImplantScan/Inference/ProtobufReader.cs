using System.Buffers.Binary;
using System.Text;

namespace BulkImplantScan.Inference;

/// <summary>Reads the fields of one protobuf message, one after the other.</summary>
/// <remarks>The bytes come from anywhere: every length is checked against what is left, and nothing is copied or allocated by
/// what a length says. Groups, which ONNX never had, are refused.</remarks>
internal struct ProtobufReader(ReadOnlyMemory<byte> message)
{
    private const string Damaged = "model.onnx is damaged: ";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _at;

    /// <summary>Reads the next field; false at the end of the message.</summary>
    /// <exception cref="ModelPackageException">The bytes are no message.</exception>
    public bool TryRead(out ProtobufField field)
    {
        field = default;
        if (_at == message.Length) return false;
        var from = _at;
        var tag = ReadVarint();
        if (tag >> 3 is 0 or > 0x1FFF_FFFF) throw new ModelPackageException($"{Damaged}field number {tag >> 3}.");
        var (wire, value, content) = ((ProtobufWire)(tag & 7), 0UL, ReadOnlyMemory<byte>.Empty);
        switch (wire)
        {
            case ProtobufWire.Varint:
                value = ReadVarint();
                break;
            case ProtobufWire.Fixed64:
                value = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span);
                break;
            case ProtobufWire.Fixed32:
                value = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span);
                break;
            case ProtobufWire.LengthDelimited:
                content = Take(ReadVarint());
                break;
            default:
                throw new ModelPackageException($"{Damaged}wire type {(int)wire}.");
        }

        field = new((int)(tag >> 3), wire, value, content, message[from.._at]);
        return true;
    }

    /// <summary>The text of a length-delimited field, of at most <paramref name="maximumBytes"/>.</summary>
    /// <exception cref="ModelPackageException">Longer, or no UTF-8.</exception>
    public static string Text(ProtobufField field, int maximumBytes)
    {
        if (field.Content.Length > maximumBytes) throw new ModelPackageException($"{Damaged}a name of {field.Content.Length} bytes.");
        try
        {
            return Utf8.GetString(field.Content.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelPackageException($"{Damaged}a name that is no UTF-8.", e);
        }
    }

    /// <summary>Adds the integers of a repeated field: one, or many where the field is packed.</summary>
    /// <exception cref="ModelPackageException">More than <paramref name="most"/> in all, or no integers.</exception>
    public static void AddIntegers(List<long> to, ProtobufField field, int most)
    {
        var packed = new ProtobufReader(field.Content);
        do
        {
            if (field.Wire == ProtobufWire.LengthDelimited && packed._at == field.Content.Length) return;
            if (to.Count == most) throw new ModelPackageException($"{Damaged}more than {most} integers in a list.");
            to.Add(field.Wire switch
            {
                ProtobufWire.Varint => (long)field.Value,
                ProtobufWire.LengthDelimited => (long)packed.ReadVarint(),
                _ => throw new ModelPackageException($"{Damaged}a list of integers of wire type {(int)field.Wire}."),
            });
        }
        while (field.Wire == ProtobufWire.LengthDelimited);
    }

    private ReadOnlyMemory<byte> Take(ulong count)
    {
        if (count > (ulong)(message.Length - _at)) throw new ModelPackageException($"{Damaged}{count} bytes are announced where {message.Length - _at} are left.");
        var taken = message.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new ModelPackageException($"{Damaged}an integer of more than 10 bytes.");
    }
}
