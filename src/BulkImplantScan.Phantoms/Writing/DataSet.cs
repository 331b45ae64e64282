using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>Encodes elements of a DICOM data set in the order they are added (PS3.5 section 7).</summary>
internal sealed class DataSet(bool explicitVr)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private uint _lastTag;

    /// <summary>What was encoded.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Text of any VR; several values joined by a backslash; empty for none.</summary>
    public void Text(uint tag, string vr, string value)
    {
        var bytes = Encoding.ASCII.GetBytes(value);
        Value(tag, vr, bytes, vr == "UI" ? (byte)0 : (byte)' ');
    }

    /// <summary>Decimal strings, at most 16 characters each.</summary>
    public void Decimal(uint tag, params ReadOnlySpan<double> values)
    {
        var parts = new string[values.Length];
        for (var i = 0; i < values.Length; i++) parts[i] = values[i].ToString("0.######", CultureInfo.InvariantCulture);
        Text(tag, "DS", string.Join('\\', parts));
    }

    /// <summary>Integer string.</summary>
    public void Whole(uint tag, int value) => Text(tag, "IS", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Unsigned shorts.</summary>
    public void Short(uint tag, params ReadOnlySpan<ushort> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        Value(tag, "US", bytes, 0);
    }

    /// <summary>A signed short.</summary>
    public void Signed(uint tag, short value) => Value(tag, "SS", BitConverter.GetBytes(value), 0);

    /// <summary>One compressed frame in one fragment, behind an empty offset table (PS3.5 A.4).</summary>
    public void Encapsulated(uint tag, ReadOnlySpan<byte> frame)
    {
        Head(tag, "OB", 0xFFFFFFFF);
        _bytes.Write((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0]);
        _bytes.Write(BitConverter.GetBytes(frame.Length + (frame.Length & 1)));
        _bytes.Write(frame);
        if ((frame.Length & 1) == 1) _bytes.Write((ReadOnlySpan<byte>)[0]);
        _bytes.Write((ReadOnlySpan<byte>)[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    }

    /// <summary>A sequence of these items (each a data set of the same encoding), with defined lengths.</summary>
    public void Sequence(uint tag, params ReadOnlySpan<DataSet> items)
    {
        var inner = new ArrayBufferWriter<byte>();
        Span<byte> head = stackalloc byte[8];
        foreach (var item in items)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head, 0xE000FFFE);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], item.Bytes.Length);
            inner.Write(head);
            inner.Write(item.Bytes.Span);
        }

        Value(tag, "SQ", inner.WrittenSpan, 0);
    }

    /// <summary>Any value.</summary>
    public void Value(uint tag, string vr, ReadOnlySpan<byte> value, byte padding)
    {
        if (tag <= _lastTag) throw new InvalidOperationException($"element {tag:X8} out of order");
        _lastTag = tag;
        Head(tag, vr, (uint)(value.Length + (value.Length & 1)));
        _bytes.Write(value);
        if ((value.Length & 1) == 1) _bytes.Write((ReadOnlySpan<byte>)[padding]);
    }

    /// <summary>Head of an element whose value follows elsewhere; 0xFFFFFFFF for undefined length.</summary>
    public void Head(uint tag, string vr, uint length)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)tag);
        if (!explicitVr)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head[4..], length);
            _bytes.Write(head[..8]);
            return;
        }

        (head[4], head[5]) = ((byte)vr[0], (byte)vr[1]);
        if (vr is "OB" or "OW" or "SQ" or "UN" or "UT")
        {
            (head[6], head[7]) = (0, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(head[8..], length);
            _bytes.Write(head);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], checked((ushort)length));
        _bytes.Write(head[..8]);
    }
}
