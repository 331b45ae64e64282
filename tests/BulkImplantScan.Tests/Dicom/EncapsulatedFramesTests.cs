using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Frames of three constant RLE images in every arrangement of offset tables and fragments.</summary>
public sealed class EncapsulatedFramesTests
{
    private const int Frames = 3;
    private static readonly DicomTag PixelData = DicomBytes.PixelData;

    [Fact]
    public void Each_frame_is_found_by_the_table_by_counting_or_by_its_first_bytes()
    {
        var fragments = Enumerable.Range(0, Frames).Select(RleFrame).ToArray();
        foreach (var table in (byte[][])[[], Table(0, 80, 160), Table(0, 999, 4), Table(80, 80, 80), [1, 2]])
        foreach (var hasDelimiter in (bool[])[true, false])
        {
            var file = File(TransferSyntaxes.Rle, table, fragments, hasDelimiter);
            for (var frame = 0; frame < Frames; frame++) AssertFrame(file, frame, Reason.None);
            AssertFrame(file, Frames, Reason.MissingFrame);
        }
    }

    [Fact]
    public void The_extended_offset_table_wins()
    {
        var offsets = new byte[8 * Frames];
        for (var i = 0; i < Frames; i++) BinaryPrimitives.WriteInt64LittleEndian(offsets.AsSpan(8 * i), 80 * i);
        var file = File(TransferSyntaxes.Rle, [], [.. Enumerable.Range(0, Frames).Select(RleFrame)], true, more: bytes => bytes
            .Element(DicomTags.ExtendedOffsetTable, "OV", offsets));
        for (var frame = 0; frame < Frames; frame++) AssertFrame(file, frame, Reason.None);
    }

    [Fact]
    public void A_frame_in_several_fragments_is_joined()
    {
        var jpeg = JpegCase(out var syntax, out var header, out var hash);
        foreach (var cuts in (int[][])[[2], [2, 4], [100, 102, 200]])
        {
            var fragments = new List<byte[]>();
            var from = 0;
            foreach (var cut in cuts.Append(jpeg.Length))
            {
                fragments.Add(jpeg[from..cut]);
                from = cut;
            }

            var file = Rebuild(header, syntax, [], [.. fragments]);
            Assert.Equal(hash, DicomFiles.Decode(file).Sha256);
        }
    }

    [Fact]
    public void Fragments_of_several_frames_without_a_table_are_told_by_the_start_of_image()
    {
        var jpeg = JpegCase(out var syntax, out var header, out _);
        var file = Rebuild(header, syntax, [], [jpeg[..100], jpeg[100..], jpeg, jpeg[..60], jpeg[60..]], frames: 3);
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        for (var frame = 1; frame <= 3; frame++)
        {
            var decoded = FrameDecoder.Decode(file, dataset, frame, DecodeSettings.Exact, pool);
            Assert.Equal(Reason.None, decoded.Reason);
            decoded.Pixels!.Dispose();
        }
    }

    [Fact]
    public void A_cut_file_costs_the_frames_that_are_not_there()
    {
        var file = File(TransferSyntaxes.Rle, [], [.. Enumerable.Range(0, Frames).Select(RleFrame)], false);
        var cut = file[..^3];
        AssertFrame(cut, 0, Reason.None);
        AssertFrame(cut, 1, Reason.None);
        AssertFrame(cut, 2, Reason.TruncatedPixelData);
        AssertFrame(file[..^85], 2, Reason.MissingFrame);
    }

    [Fact]
    public void A_header_that_promises_more_than_the_codec_can_give_is_refused_before_memory_is_taken()
    {
        var file = DicomBytes.File(TransferSyntaxes.Rle).ImagePixel(20000, 20000, 16, 16)
            .Element(PixelData, "OB", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, 0).Raw(0xFFFE, 0xE000, 72, RleFrame(0)).Raw(0xFFFE, 0xE0DD, 0).ToArray();
        Assert.Equal(Reason.TruncatedPixelData, DicomFiles.Decode(file).Reason);
        var larger = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(40000, 40000, 16, 16)
            .Words(PixelData, "OW", 1, 2).ToArray();
        Assert.Equal(Reason.TooLarge, DicomFiles.Decode(larger).Reason);
    }

    [Theory]
    [InlineData("jpeg dcmcjpeg +eb 8 bits 33x29")]
    [InlineData("jpeg dcmcjpeg +ep 12 bits 33x29")]
    [InlineData("jpeg dcmcjpeg +ee 12 bits three frames")]
    [InlineData("deflated i12x1 3 frames")]
    [InlineData("uncompressed i12x1 3 frames")]
    [InlineData("uncompressed RGB planar")]
    public void Frames_of_every_codec_are_found_in_every_arrangement_of_tables_fragments_and_delimiters(string name)
    {
        var file = Convert.FromBase64String(OracleFile.Read("compressed-cases.csv.gz").Single(line => line[0] == name)[3]);
        var hash = DicomFiles.Decode(file).Sha256;
        Assert.NotNull(hash);
        var (before, frames) = Fragments(file);
        var isOnly = frames.Length == 1;
        foreach (var kind in Enum.GetValues<TableKind>())
        foreach (var pieces in isOnly || kind != TableKind.None || name.StartsWith("jpeg", StringComparison.Ordinal) ? (int[])[1, 2, 7] : [1])
        foreach (var padding in Enum.GetValues<Padding>())
        foreach (var hasDelimiter in (bool[])[true, false])
        {
            var arranged = Arrange(before, frames, kind, pieces, padding, hasDelimiter);
            Assert.True(hash == DicomFiles.Decode(arranged).Sha256, $"{kind}, {pieces} pieces, {padding}, {hasDelimiter}: {DicomFiles.Decode(arranged)}");
        }
    }

    [Fact]
    public void The_extended_lengths_leave_out_the_padding()
    {
        // RLE of one segment that ends at its last byte: a byte of padding behind it would be no fault, a byte too few is one.
        var frame = RleFrame(0)[..66];
        byte[] offsets = new byte[8], lengths = new byte[8];
        foreach (var (length, reason) in ((long, Reason)[])[(66, Reason.None), (65, Reason.TruncatedPixelData), (64, Reason.None), (0, Reason.None), (-1, Reason.None)])
        {
            BinaryPrimitives.WriteInt64LittleEndian(lengths, length);
            var file = DicomBytes.File(TransferSyntaxes.Rle).ImagePixel(10, 10, 8, 8)
                .Element(DicomTags.ExtendedOffsetTable, "OV", offsets).Element(DicomTags.ExtendedOffsetTableLengths, "OV", lengths);
            Assert.Equal(reason, DicomFiles.Decode(Encapsulate(file, [], [frame], true)).Reason);
        }
    }

    public enum TableKind
    {
        None,
        Basic,
        Extended,
        ExtendedWithLengths,
    }

    public enum Padding
    {
        Even,
        Odd,
        OddNotCounted,
    }

    // Everything before the offset table, and the bytes of each fragment.
    private static (byte[] Before, byte[][] Frames) Fragments(byte[] file)
    {
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        var at = dataset.PixelData!.Value.Offset;
        var before = file[..at];
        at += 8 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
        var frames = new List<byte[]>();
        while (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) == 0xE000FFFE)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            frames.Add(file[(at + 8)..(at + 8 + length)]);
            at += 8 + length;
        }

        return (before, [.. frames]);
    }

    private static byte[] Arrange(byte[] before, byte[][] frames, TableKind kind, int pieces, Padding padding, bool hasDelimiter)
    {
        var body = new DicomBytes();
        var offsets = new List<long>();
        var lengths = new List<long>();
        foreach (var frame in frames)
        {
            offsets.Add(body.ToArray().Length);
            lengths.Add(frame.Length);
            var each = Math.Max(2, frame.Length / pieces);
            for (var at = 0; at < frame.Length;)
            {
                // The last piece takes the rest; a cut at an odd byte where fragments may be odd.
                var length = frame.Length - at < 2 * each ? frame.Length - at : padding == Padding.Even ? each & ~1 : each | 1;
                length = Math.Min(length, frame.Length - at);
                body.Raw(0xFFFE, 0xE000, (uint)length, frame.AsSpan(at, length));
                if (padding == Padding.OddNotCounted && length % 2 == 1) body.Bytes([0]);
                at += length;
            }
        }

        var head = new DicomBytes();
        if (kind is TableKind.Extended or TableKind.ExtendedWithLengths)
        {
            head.Element(DicomTags.ExtendedOffsetTable, "OV", MemoryMarshal.AsBytes<long>(offsets.ToArray()));
            if (kind == TableKind.ExtendedWithLengths)
                head.Element(DicomTags.ExtendedOffsetTableLengths, "OV", MemoryMarshal.AsBytes<long>(lengths.ToArray()));
        }

        var basic = kind == TableKind.Basic ? Table([.. offsets.Select(offset => (uint)offset)]) : [];
        var item = new DicomBytes().Raw(0xFFFE, 0xE000, (uint)basic.Length, basic);
        var end = hasDelimiter ? new DicomBytes().Raw(0xFFFE, 0xE0DD, 0).ToArray() : [];
        const int pixelDataHeader = 12;
        return [.. before[..^pixelDataHeader], .. head.ToArray(), .. before[^pixelDataHeader..], .. item.ToArray(), .. body.ToArray(), .. end];
    }

    private static void AssertFrame(byte[] file, int frame, Reason reason)
    {
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        var decoded = FrameDecoder.Decode(file, dataset, frame + 1, DecodeSettings.Exact, pool);
        using var pixels = decoded.Pixels;
        Assert.Equal(reason, decoded.Reason);
        if (pixels is null) return;
        Assert.Equal(100, pixels.SampleCount);
        Assert.Equal(-1, pixels.Samples<byte>().IndexOfAnyExcept((byte)(10 + frame)));
    }

    // 10 × 10, all of one value: 64 bytes of header, one run, padded to 72 bytes.
    private static byte[] RleFrame(int frame)
    {
        var bytes = new byte[72];
        (bytes[0], bytes[4]) = (1, 64);
        (bytes[64], bytes[65]) = (unchecked((byte)-99), (byte)(10 + frame));
        return bytes;
    }

    private static byte[] Table(params uint[] offsets)
    {
        var bytes = new byte[4 * offsets.Length];
        for (var i = 0; i < offsets.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), offsets[i]);
        return bytes;
    }

    private static byte[] File(
        string syntax, byte[] table, byte[][] fragments, bool hasDelimiter, Action<DicomBytes>? more = null)
    {
        var file = DicomBytes.File(syntax).Text(DicomTags.NumberOfFrames, "IS", "3").ImagePixel(10, 10, 8, 8);
        more?.Invoke(file);
        return Encapsulate(file, table, fragments, hasDelimiter);
    }

    private static byte[] Encapsulate(DicomBytes file, byte[] table, byte[][] fragments, bool hasDelimiter)
    {
        file.Element(PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, (uint)table.Length, table);
        foreach (var fragment in fragments) file.Raw(0xFFFE, 0xE000, (uint)fragment.Length, fragment);
        if (hasDelimiter) file.Raw(0xFFFE, 0xE0DD, 0);
        return file.ToArray();
    }

    private static byte[] JpegCase(out string syntax, out ImagePixelDescription header, out string hash)
    {
        var line = OracleFile.Read("pixel-cases.csv.gz").First(line => line[0] == "jpeg-lossless dcmcjpeg u12x1 sv1");
        var file = Convert.FromBase64String(line[2]);
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        var at = dataset.PixelData!.Value.Offset;
        at += 8 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)); // the offset table
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
        (syntax, header, hash) = (dataset.TransferSyntax!, dataset.DescribePixels(file), line[1]);
        return file.AsSpan(at + 8, length).ToArray();
    }

    private static byte[] Rebuild(in ImagePixelDescription header, string syntax, byte[] table, byte[][] fragments, int frames = 1) =>
        Encapsulate(
            DicomBytes.File(syntax).Text(DicomTags.NumberOfFrames, "IS", $"{frames}")
                .ImagePixel(header.Rows, header.Columns, header.BitsAllocated, header.BitsStored),
            table, fragments, true);
}
