using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Dicom;

/// <summary>A table of the standard: descriptor (entries, first input value, bits an entry) and data (PS3.3 C.11.1.1, C.11.2.1.1,
/// C.7.6.3.1.5).</summary>
/// <remarks>Its entries are rented; <see cref="Dispose"/> once, of whatever copy.</remarks>
internal readonly struct LookupTable : IDisposable
{
    private readonly ushort[] _entries;
    private readonly int _last;

    private LookupTable(int firstValue, ushort[] entries, int count, int bits)
    {
        (FirstValue, _entries, _last, Bits) = (firstValue, entries, count - 1, bits);
    }

    /// <summary>Input value of the first entry; all below give it, too.</summary>
    public int FirstValue { get; }

    /// <summary>Bits of an entry by the descriptor, or by the entries when those hold more.</summary>
    public int Bits { get; }

    /// <summary>Largest output.</summary>
    public int Top => (1 << Bits) - 1;

    /// <summary>Largest entry.</summary>
    public int Largest
    {
        get
        {
            var largest = 0;
            for (var i = 0; i <= _last; i++) largest = Math.Max(largest, _entries[i]);
            return largest;
        }
    }

    /// <summary>Reads the table of a sequence's first item; null when the sequence is absent or its table is not whole.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds the sequence.</param>
    /// <param name="sequence">Modality LUT Sequence or VOI LUT Sequence.</param>
    /// <param name="isInputSigned">Inputs can be negative, so the first value is signed (US or SS is not to be relied on).</param>
    /// <param name="item">Is overwritten with the item.</param>
    public static LookupTable? Read(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag sequence, bool isInputSigned, DicomDataset item) =>
        dataset.Contains(sequence) && DicomReader.TryGetItem(file, dataset, sequence, 0, item)
            ? Read(file, item, DicomTags.LutDescriptor, DicomTags.LutData, null, isInputSigned)
            : null;

    /// <summary>Reads a table from its descriptor and its data, or its segmented data; null when it is not whole.</summary>
    public static LookupTable? Read(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag descriptor, DicomTag dataTag, DicomTag? segmentedTag, bool isInputSigned)
    {
        if (dataset.GetUInt16At(file, descriptor, 0) is not { } declaredCount
            || dataset.GetUInt16At(file, descriptor, 1) is not { } first
            || dataset.GetUInt16At(file, descriptor, 2) is not { } declaredBits)
        {
            return null;
        }

        var count = declaredCount == 0 ? 65536 : declaredCount;
        var rented = ArrayPool<ushort>.Shared.Rent(count);
        var entries = rented.AsSpan(0, count);
        var data = dataset.Value(file, dataTag);
        var isBigEndian = dataset.IsBigEndian;
        var isWhole = data.IsEmpty && segmentedTag is { } segmented
            ? SegmentedTable.TryExpand(dataset.Value(file, segmented), declaredBits <= 8, isBigEndian, entries)
            : TryCopy(data, declaredBits, isBigEndian, entries);
        if (!isWhole)
        {
            ArrayPool<ushort>.Shared.Return(rented);
            return null;
        }

        ushort all = 0;
        foreach (var entry in entries) all |= entry;
        var bitsOfEntries = BitOperations.Log2(all) + 1;
        var bits = declaredBits is >= 1 and <= 16 ? Math.Max(declaredBits, bitsOfEntries) : bitsOfEntries;
        var isSigned = isInputSigned || dataset.Find(descriptor)!.Value.Vr == ValueRepresentation.SS;
        return new(isSigned ? (short)first : first, rented, count, bits);
    }

    /// <summary>Output of an input; beyond the ends the first and the last entry hold.</summary>
    public int Apply(double input) => _entries[(int)Math.Clamp(Math.Floor(input) - FirstValue, 0, _last)];

    /// <summary>Output of a whole input.</summary>
    public int Apply(int input) => _entries[(int)Math.Clamp((long)input - FirstValue, 0, _last)];

    /// <summary>Gives the entries back.</summary>
    public void Dispose() => ArrayPool<ushort>.Shared.Return(_entries);

    private static bool TryCopy(ReadOnlySpan<byte> data, int declaredBits, bool isBigEndian, Span<ushort> entries)
    {
        if (data.Length >= 2 * entries.Length)
        {
            data[..(2 * entries.Length)].CopyTo(MemoryMarshal.AsBytes(entries));
            if (isBigEndian == BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(entries, entries);
            return true;
        }

        if (data.Length < entries.Length || declaredBits > 8) return false;

        // Two entries a word; the first in the low byte, so a big-endian data set has them the other way round.
        for (var i = 0; i < entries.Length; i++) entries[i] = data[isBigEndian && (i ^ 1) < data.Length ? i ^ 1 : i];
        return true;
    }
}
