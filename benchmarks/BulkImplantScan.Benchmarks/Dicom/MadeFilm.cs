using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Benchmarks.Dicom;

/// <summary>A film of 2500 × 2048 pixels that looks like a radiograph to a histogram: a dark border, slopes and noise.</summary>
internal sealed class MadeFilm
{
    public const int Rows = 2500, Columns = 2048;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A film of one sample, or three, of 16 bits allocated or 8.</summary>
    /// <param name="bits">Bits Stored.</param>
    /// <param name="samples">1 or 3.</param>
    /// <param name="more">Elements between the image pixel module and the pixels, in order.</param>
    public MadeFilm(int bits, int samples, params ReadOnlySpan<(DicomTag Tag, string Vr, byte[] Value)> more)
    {
        var allocated = bits <= 8 ? 8 : 16;
        _bytes.Write(new byte[128]);
        _bytes.Write("DICM"u8);
        Write(DicomTags.TransferSyntaxUid, "UI", Encoding.ASCII.GetBytes(TransferSyntaxes.ExplicitLittleEndian + "\0"));
        Word(DicomTags.SamplesPerPixel, samples);
        Write(DicomTags.PhotometricInterpretation, "CS", samples == 1 ? "MONOCHROME2 "u8 : "RGB "u8);
        Word(DicomTags.Rows, Rows);
        Word(DicomTags.Columns, Columns);
        Word(DicomTags.BitsAllocated, allocated);
        Word(DicomTags.BitsStored, bits);
        Word(DicomTags.HighBit, bits - 1);
        Word(DicomTags.PixelRepresentation, 0);
        foreach (var (tag, vr, value) in more) Write(tag, vr, value);
        Write(new(0x7FE0, 0x0010), "OW", Pixels(bits, samples, allocated / 8));
        File = _bytes.WrittenSpan.ToArray();
        if (DicomReader.Parse(File, true, Dataset).Status != ParseStatus.Ok) throw new InvalidOperationException("not a film");
    }

    public byte[] File { get; }

    public DicomDataset Dataset { get; } = new();

    /// <summary>Text, made even.</summary>
    public static byte[] Text(string text) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + " ");

    /// <summary>Decodes it.</summary>
    public DecodeOutcome Decode(PixelBufferPool pool) => FrameDecoder.Decode(File, Dataset, 1, DecodeSettings.Exact, pool);

    private static byte[] Pixels(int bits, int samples, int bytesPerSample)
    {
        var random = new Random(1);
        var pixels = new byte[Rows * Columns * samples * bytesPerSample];
        var most = (1 << bits) - 1;
        for (var i = 0; i < Rows * Columns * samples; i++)
        {
            var (y, x) = Math.DivRem(i / samples, Columns);
            var isBorder = y < Rows / 5 || x < Columns / 8;
            var value = isBorder ? 0 : (int)(most * (0.1 + 0.8 * y * x / ((double)Rows * Columns))) + random.Next(most / 64 + 1);
            value = Math.Min(value, most);
            if (bytesPerSample == 1) pixels[i] = (byte)value;
            else BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan(2 * i), (ushort)value);
        }

        return pixels;
    }

    private void Word(DicomTag tag, int value) => Write(tag, "US", [(byte)value, (byte)(value >> 8)]);

    private void Write(DicomTag tag, string vr, ReadOnlySpan<byte> value)
    {
        Span<byte> header = stackalloc byte[12];
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], tag.Element);
        Encoding.ASCII.GetBytes(vr, header[4..]);
        var isLong = vr is "OW" or "OB" or "SQ";
        if (isLong) BinaryPrimitives.WriteInt32LittleEndian(header[8..], value.Length);
        else BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)value.Length);
        _bytes.Write(header[..(isLong ? 12 : 8)]);
        _bytes.Write(value);
    }
}
