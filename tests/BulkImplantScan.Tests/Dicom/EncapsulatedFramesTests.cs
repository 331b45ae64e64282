using System.Buffers.Binary;
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
        var larger = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(20000, 20000, 32, 16)
            .Words(PixelData, "OW", 1, 2).ToArray();
        Assert.Equal(Reason.DecodedTooLarge, DicomFiles.Decode(larger).Reason);
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
