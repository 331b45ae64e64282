using System.Buffers.Binary;
using System.Globalization;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>A film of one row with a header that a machine might have written: every way to say how it is shown, some of them wrong.</summary>
internal sealed class GeneratedHeader
{
    private readonly Random _random;

    public GeneratedHeader(int seed)
    {
        _random = new Random(seed);
        BitsStored = Pick(8, 8, 9, 10, 11, 12, 12, 12, 13, 14, 15, 16, 16);
        BitsAllocated = BitsStored <= 8 && Chance(0.7) ? 8 : Chance(0.05) ? 32 : 16;
        IsSigned = Chance(0.3);
        Least = IsSigned ? -(1 << BitsStored - 1) : 0;
        Most = Least + (1 << BitsStored) - 1;
        Values = [Least, Most, .. Enumerable.Range(0, 70).Select(i => Least + (int)((long)i * (Most - Least) / 70)), .. Many(26)];
        if (Chance(0.3)) for (var i = 0; i < Values.Length; i++) Values[i] = Least + (Values[i] - Least) / 3; // a film of part of the range
        (Photometric, Shape) = (Chance(0.3) ? "MONOCHROME1" : "MONOCHROME2", Pick("", "", "IDENTITY", "INVERSE"));
        if (Chance(0.35))
        {
            Padding = Pick(Values);
            if (Chance(0.5)) PaddingLimit = Pick(Values);
        }

        (IsExplicit, IsBigEndian) = Pick((true, false), (true, false), (false, false), (true, true));
        File = Write();
    }

    public int BitsAllocated { get; }

    public int BitsStored { get; }

    public bool IsSigned { get; }

    public int Least { get; }

    public int Most { get; }

    public int[] Values { get; }

    public string Photometric { get; }

    public string Shape { get; }

    public int? Padding { get; }

    public int? PaddingLimit { get; }

    public bool IsExplicit { get; }

    public bool IsBigEndian { get; }

    /// <summary>VOI LUT Function, as written.</summary>
    public string Function { get; private set; } = "";

    public byte[] File { get; }

    public bool IsInverted => Shape switch { "INVERSE" => true, "IDENTITY" => false, _ => Photometric == "MONOCHROME1" };

    public bool IsPadding(double value)
    {
        if (Padding is not { } first) return false;
        var last = PaddingLimit ?? first;
        return value >= Math.Min(first, last) && value <= Math.Max(first, last);
    }

    private byte[] Write()
    {
        var syntax = !IsExplicit ? TransferSyntaxes.ImplicitLittleEndian
            : IsBigEndian ? TransferSyntaxes.ExplicitBigEndian : TransferSyntaxes.ExplicitLittleEndian;
        return DicomBytes.File(syntax).DataSet(IsExplicit, IsBigEndian, Elements).ToArray();
    }

    private void Elements(DicomBytes film)
    {
        var signedVr = IsSigned && Chance(0.7) ? "SS" : "US";
        film.Text(DicomTags.Modality, "CS", "DX").Words(DicomTags.SamplesPerPixel, "US", 1)
            .Text(DicomTags.PhotometricInterpretation, "CS", Photometric).Words(DicomTags.Rows, "US", 1)
            .Words(DicomTags.Columns, "US", (ushort)Values.Length).Words(DicomTags.BitsAllocated, "US", (ushort)BitsAllocated)
            .Words(DicomTags.BitsStored, "US", (ushort)BitsStored).Words(DicomTags.HighBit, "US", (ushort)(BitsStored - 1))
            .Words(DicomTags.PixelRepresentation, "US", (ushort)(IsSigned ? 1 : 0));
        if (Padding is { } padding) film.Words(DicomTags.PixelPaddingValue, signedVr, (ushort)padding);
        if (PaddingLimit is { } limit) film.Words(DicomTags.PixelPaddingRangeLimit, signedVr, (ushort)limit);

        // What the Modality LUT yields bounds where windows and tables are put, so it is chosen first, though some tags stand before.
        var modality = Pick("none", "none", "rescale", "rescale", "negative", "table");
        var (slope, intercept) = modality switch
        {
            "rescale" => (Pick(1, 0.5, 2.25, Math.Round(0.1 + 4 * _random.NextDouble(), 3)), Pick(0, -1024, 300)),
            "negative" => (Pick(-1, -0.5), Most),
            _ => (1.0, 0),
        };
        var tableEntries = _random.Next(100, 600);
        var tableFirst = _random.Next(Least, Math.Max(Least + 1, Most - tableEntries));
        var tableBits = Pick(8, 16); // what the standard allows (PS3.3 C.11.1.1)
        var (low, high) = modality == "table"
            ? (0, (1 << tableBits) - 1)
            : (Math.Min(Least * slope, Most * slope) + intercept, Math.Max(Least * slope, Most * slope) + intercept);

        if (Chance(0.7)) Window(film, low, high);
        if (modality is "rescale" or "negative")
            film.Text(DicomTags.RescaleIntercept, "DS", Text(intercept)).Text(DicomTags.RescaleSlope, "DS", Text(slope));
        if (Function.Length > 0) film.Text(DicomTags.VoiLutFunction, "CS", Function);
        if (modality == "table") Table(film, DicomTags.ModalityLutSequence, tableEntries, tableFirst, tableBits, tableFirst < 0, Chance(0.2));
        if (Chance(0.4)) VoiTable(film, (int)Math.Floor(low), (int)Math.Ceiling(high));
        if (Shape.Length > 0) film.Text(DicomTags.PresentationLutShape, "CS", Shape);
        film.Element(DicomBytes.PixelData, BitsAllocated == 8 ? "OB" : "OW", Pixels());
    }

    private void Window(DicomBytes film, double low, double high)
    {
        var centre = low + (high - low) * (1.4 * _random.NextDouble() - 0.2);
        var width = Math.Max(1, (high - low) * (0.02 + 1.3 * _random.NextDouble()));
        if (Chance(0.4)) (centre, width) = (Math.Round(centre), Math.Round(width));
        if (Chance(0.05)) width = Pick(0, -7, 0.5, 1); // lies, and a step
        if (Chance(0.05)) centre = high + 10 * (high - low); // misses the film
        var (more, wider) = Chance(0.3) ? ("\\1\\2", "\\3\\4") : ("", "");
        film.Text(DicomTags.WindowCenter, "DS", Text(centre) + more).Text(DicomTags.WindowWidth, "DS", Text(width) + wider);
        Function = Pick("", "", "LINEAR", "LINEAR_EXACT", "SIGMOID");
    }

    private void VoiTable(DicomBytes film, int low, int high)
    {
        // Beyond these pydicom's own index of 16 bits wraps; and a first value must say what it means in 16 bits.
        if (high - low < 50 || high - low > 65535 || low < -32768) return;
        var entries = Chance(0.02) ? 65536 : _random.Next(Math.Min(40, high - low - 1), Math.Min(900, high - low));
        var first = entries == 65536 ? Math.Max(0, low) : _random.Next(low, Math.Max(low + 1, high - entries));
        if (low < 0 && (first > 32767 || entries > 32767)) return;

        // Where the file does not say US or SS pydicom goes by the pixels, not by what the Modality LUT makes of them.
        if (!IsExplicit && IsSigned != low < 0 && (first is < 0 or > 32767 || entries > 32767)) return;
        Table(film, DicomTags.VoiLutSequence, entries, first, Pick(10, 12, 14, 16), low < 0, Chance(0.25));
    }

    private void Table(DicomBytes film, DicomTag sequence, int entries, int first, int bits, bool isSigned, bool descends)
    {
        var curve = 0.4 + 2.1 * _random.NextDouble();
        var top = (1 << bits) - 1;
        var data = new ushort[entries];
        for (var i = 0; i < entries; i++)
            data[descends ? entries - 1 - i : i] = (ushort)Math.Round(top * Math.Pow(i / (entries - 1.0), curve));
        var dataVr = entries > 32767 ? "OW" : Pick("US", "OW");
        film.Sequence(sequence, item =>
        {
            item.Words(DicomTags.LutDescriptor, isSigned ? "SS" : "US", (ushort)entries, (ushort)first, (ushort)bits);
            item.Words(DicomTags.LutData, dataVr, data);
        });
    }

    private byte[] Pixels()
    {
        var bytes = new byte[Values.Length * BitsAllocated / 8];
        for (var i = 0; i < Values.Length; i++)
        {
            // Values in their bits; above them the sign or zeros, as writers like it.
            var cell = (uint)Values[i];
            if (!IsSigned || i % 2 == 0) cell &= (uint)((1UL << BitsStored) - 1);
            if (BitsAllocated == 8) bytes[i] = (byte)cell;
            else if (BitsAllocated == 16) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), Swap((ushort)cell));
            else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), IsBigEndian ? BinaryPrimitives.ReverseEndianness(cell) : cell);
        }

        return bytes;
    }

    private ushort Swap(ushort cell) => IsBigEndian ? BinaryPrimitives.ReverseEndianness(cell) : cell;

    private int[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(Least, Most + 1))];

    private bool Chance(double share) => _random.NextDouble() < share;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private static string Text(double value) => value.ToString("G7", CultureInfo.InvariantCulture);
}
