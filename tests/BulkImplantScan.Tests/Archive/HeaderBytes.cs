using System.Buffers.Binary;
using System.Text;

namespace BulkImplantScan.Tests.Archive;

/// <summary>Writes a small DICOM file, explicit little endian: only what the index looks at.</summary>
internal sealed class HeaderBytes
{
    private readonly SortedDictionary<uint, (string Vr, byte[] Value)> _elements = [];

    /// <summary>A DX film of a hip, 4 × 6 pixels of 16 bits, one frame.</summary>
    public static HeaderBytes HipFilm(string sopInstanceUid = "1.2.3.4") => new HeaderBytes()
        .With(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1.1")
        .With(0x00080018, "UI", sopInstanceUid)
        .With(0x00080020, "DA", "20190314")
        .With(0x00080060, "CS", "DX")
        .With(0x00080068, "CS", "FOR PRESENTATION")
        .With(0x00080070, "LO", "Fuji Photo Film Co.,Ltd.")
        .With(0x00080080, "LO", "General Hospital")
        .With(0x00081090, "LO", "5000")
        .With(0x00100010, "PN", "SECRET^NAME")
        .With(0x00100020, "LO", "SECRET-4711")
        .With(0x00100030, "DA", "19361231")
        .With(0x00100040, "CS", "F")
        .With(0x00180015, "CS", "HIP")
        .With(0x00180060, "DS", "75.0")
        .With(0x00181152, "IS", "13")
        .With(0x00181153, "IS", "8400")
        .With(0x00185101, "CS", "AP")
        .With(0x0020000D, "UI", "1.2.3")
        .With(0x00200062, "CS", "L")
        .With(0x00280002, 1)
        .With(0x00280004, "CS", "MONOCHROME2")
        .With(0x00280010, 4)
        .With(0x00280011, 6)
        .With(0x00280100, 16)
        .With(0x00280101, 12)
        .With(0x00280102, 11)
        .With(0x00280103, 0)
        .With(0x7FE00010, "OW", new byte[48]);

    public HeaderBytes With(uint tag, string vr, string value) => With(tag, vr, Encoding.Latin1.GetBytes(value));

    public HeaderBytes With(uint tag, ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return With(tag, "US", bytes);
    }

    public HeaderBytes With(uint tag, string vr, byte[] value)
    {
        _elements[tag] = (vr, value);
        return this;
    }

    public HeaderBytes Without(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    public byte[] ToArray()
    {
        var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        Write(file, 0x00020010, "UI", "1.2.840.10008.1.2.1"u8.ToArray());
        foreach (var (tag, (vr, value)) in _elements) Write(file, tag, vr, value);
        return file.ToArray();
    }

    private static void Write(MemoryStream file, uint tag, string vr, byte[] value)
    {
        var isLong = vr is "OB" or "OW" or "UN" or "SQ" or "UT";
        var length = value.Length + value.Length % 2;
        var header = new byte[isLong ? 12 : 8];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)tag);
        Encoding.ASCII.GetBytes(vr, header.AsSpan(4));
        if (isLong) BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)length);
        else BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)length);
        file.Write(header);
        file.Write(value);
        if (value.Length % 2 == 1) file.WriteByte(vr == "UI" ? (byte)0 : (byte)' ');
    }
}
