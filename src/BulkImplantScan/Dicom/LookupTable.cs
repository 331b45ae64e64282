using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom;

/// <summary>LUT Descriptor and LUT Data of the first item of a Modality LUT or VOI LUT Sequence (PS3.3 C.11.1.1, C.11.2.1.1).</summary>
internal sealed class LookupTable
{
    private readonly ushort[] _entries;

    private LookupTable(int firstValue, ushort[] entries, int bits)
    {
        (FirstValue, _entries, Top) = (firstValue, entries, (1 << bits) - 1);
    }

    /// <summary>Input value of the first entry; all below give it, too.</summary>
    public int FirstValue { get; }

    /// <summary>Largest output by the descriptor's bits, or by the entries when those hold more.</summary>
    public int Top { get; }

    /// <summary>Reads the first item; null when the sequence is absent or its table is not whole.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds the sequence.</param>
    /// <param name="sequence">Modality LUT Sequence or VOI LUT Sequence.</param>
    /// <param name="isInputSigned">Inputs can be negative, so the first value is signed (US or SS is not to be relied on).</param>
    public static LookupTable? Read(ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag sequence, bool isInputSigned)
    {
        if (!dataset.Contains(sequence)) return null;
        var item = new DicomDataset();
        if (!DicomReader.TryGetItem(file, dataset, sequence, 0, item)) return null;
        if (item.GetUInt16At(file, DicomTags.LutDescriptor, 0) is not { } declaredCount
            || item.GetUInt16At(file, DicomTags.LutDescriptor, 1) is not { } first
            || item.GetUInt16At(file, DicomTags.LutDescriptor, 2) is not { } declaredBits)
        {
            return null;
        }

        var count = declaredCount == 0 ? 65536 : declaredCount;
        var data = item.Value(file, DicomTags.LutData);
        var entries = new ushort[count];
        if (data.Length >= 2 * count)
        {
            data[..(2 * count)].CopyTo(MemoryMarshal.AsBytes(entries.AsSpan()));
            if (item.IsBigEndian == BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(entries, entries);
        }
        else if (data.Length >= count && declaredBits <= 8)
        {
            // Two entries a word; the first in the low byte, so a big-endian data set has them the other way round.
            for (var i = 0; i < count; i++) entries[i] = data[item.IsBigEndian && (i ^ 1) < data.Length ? i ^ 1 : i];
        }
        else
        {
            return null;
        }

        ushort all = 0;
        foreach (var entry in entries) all |= entry;
        var bitsOfEntries = BitOperations.Log2(all) + 1;
        var bits = declaredBits is >= 1 and <= 16 ? Math.Max(declaredBits, bitsOfEntries) : bitsOfEntries;
        var isSigned = isInputSigned || item.Find(DicomTags.LutDescriptor)!.Value.Vr == ValueRepresentation.SS;
        return new(isSigned ? (short)first : first, entries, bits);
    }

    /// <summary>Output of an input; beyond the ends the first and the last entry hold.</summary>
    public int Apply(double input) => _entries[(int)Math.Clamp(Math.Floor(input) - FirstValue, 0, _entries.Length - 1)];
}
