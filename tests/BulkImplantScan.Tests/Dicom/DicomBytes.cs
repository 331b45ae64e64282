using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Writes small DICOM files, right or wrong, element by element.</summary>
internal sealed class DicomBytes(bool isExplicit = true)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public static readonly DicomTag PixelData = new(0x7FE0, 0x0010);

    /// <summary>Preamble and file meta information with this transfer syntax, then an explicit data set.</summary>
    public static DicomBytes File(string transferSyntax)
    {
        var file = new DicomBytes();
        file._bytes.Write(new byte[128]);
        file._bytes.Write("DICM"u8);
        return file.Text(DicomTags.TransferSyntaxUid, "UI", transferSyntax);
    }

    /// <summary>A file of one row of 16-bit pixels, BitsStored as given.</summary>
    public static byte[] Film(ReadOnlySpan<ushort> pixels, Action<DicomBytes>? more = null, int bitsStored = 12, bool isSigned = false)
    {
        var file = File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, pixels.Length, 16, bitsStored, isSigned);
        more?.Invoke(file);
        return file.Words(PixelData, "OW", pixels).ToArray();
    }

    public DicomBytes ImagePixel(int rows, int columns, int bitsAllocated, int bitsStored, bool isSigned = false) =>
        Words(DicomTags.SamplesPerPixel, "US", 1).Text(DicomTags.PhotometricInterpretation, "CS", "MONOCHROME2")
            .Words(DicomTags.Rows, "US", (ushort)rows).Words(DicomTags.Columns, "US", (ushort)columns)
            .Words(DicomTags.BitsAllocated, "US", (ushort)bitsAllocated).Words(DicomTags.BitsStored, "US", (ushort)bitsStored)
            .Words(DicomTags.HighBit, "US", (ushort)(bitsStored - 1))
            .Words(DicomTags.PixelRepresentation, "US", (ushort)(isSigned ? 1 : 0));

    public DicomBytes Text(DicomTag tag, string vr, string value) =>
        Element(tag, vr, Encoding.Latin1.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' ')));

    public DicomBytes Words(DicomTag tag, string vr, params ReadOnlySpan<ushort> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        return Element(tag, vr, bytes);
    }

    /// <summary>A sequence of one item, both of defined length.</summary>
    public DicomBytes Sequence(DicomTag tag, Action<DicomBytes> item)
    {
        var inner = new DicomBytes(isExplicit);
        item(inner);
        return Element(tag, "SQ", new DicomBytes().Raw(0xFFFE, 0xE000, (uint)inner._bytes.WrittenCount, inner.ToArray()).ToArray());
    }

    /// <summary>A lookup table of words.</summary>
    public DicomBytes LookupTable(DicomTag sequence, ushort count, short first, int bits, params ReadOnlySpan<ushort> entries)
    {
        var copy = entries.ToArray();
        return Sequence(sequence, item => item
            .Words(DicomTags.LutDescriptor, "US", count, (ushort)first, (ushort)bits).Words(DicomTags.LutData, "OW", copy));
    }

    /// <summary>An element header of any length, then these bytes.</summary>
    public DicomBytes Element(DicomTag tag, string vr, ReadOnlySpan<byte> value, uint? length = null)
    {
        if (!isExplicit) return Raw(tag.Group, tag.Element, length ?? (uint)value.Length, value);
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(header, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], tag.Element);
        Encoding.ASCII.GetBytes(vr, header[4..]);
        header[6..].Clear();
        if (vr is "OB" or "OW" or "OV" or "SQ" or "UN" or "UT")
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], length ?? (uint)value.Length);
            _bytes.Write(header);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(length ?? (uint)value.Length));
            _bytes.Write(header[..8]);
        }

        _bytes.Write(value);
        return this;
    }

    /// <summary>Tag and 32-bit length: items, delimiters, implicit elements.</summary>
    public DicomBytes Raw(ushort group, ushort element, uint length, ReadOnlySpan<byte> value = default)
    {
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(header, group);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], element);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], length);
        _bytes.Write(header);
        _bytes.Write(value);
        return this;
    }

    /// <summary>These bytes, as they are.</summary>
    public DicomBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
