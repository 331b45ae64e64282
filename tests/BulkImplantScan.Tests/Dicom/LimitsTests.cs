using System.Buffers.Binary;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Each limit of docs/dicom.md: a file at it is read, one just above it says so.</summary>
public sealed class LimitsTests
{
    private static readonly DicomTag Private = new(0x0009, 0x1010);

    [Theory]
    [InlineData(0, Reason.None)]
    [InlineData(1, Reason.HeaderTooLarge)]
    public void A_header_has_64_MiB_at_most(int above, Reason reason)
    {
        // Up to and including the header of Pixel Data, which is the last that is read before pixels.
        var start = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ToArray();
        var end = new DicomBytes().ImagePixel(1, 2, 16, 12).Words(DicomBytes.PixelData, "OW", 7, 9).ToArray();
        var filler = DicomReader.MaxHeaderBytes - start.Length - 12 - (end.Length - 4) + above;
        byte[] file = [.. start, .. new DicomBytes().Element(Private, "OB", new byte[filler]).ToArray(), .. end];
        Assert.Equal(reason, DicomFiles.Decode(file).Reason);
        Assert.Equal(reason, Probe(file).Reason);
    }

    [Fact]
    public void A_header_that_goes_on_above_the_limit_is_not_read_on()
    {
        var large = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Element(Private, "OB", default, 100 << 20).ToArray();
        Assert.Equal(ParseStatus.HeaderTooLarge, DicomReader.Parse(large, false, new()).Status);
    }

    [Theory]
    [InlineData(false, 32, Reason.None)]
    [InlineData(false, 33, Reason.NestingTooDeep)]
    [InlineData(true, 32, Reason.None)]
    [InlineData(true, 33, Reason.NestingTooDeep)]
    [InlineData(true, 2000, Reason.NestingTooDeep)]
    [InlineData(false, 2000, Reason.NestingTooDeep)]
    public void Sequences_nest_32_deep_at_most(bool isOfKnownLength, int depth, Reason reason)
    {
        byte[] inner = [];
        for (var level = 0; level < depth; level++)
        {
            inner = isOfKnownLength
                ? new DicomBytes().Element(Private, "SQ", new DicomBytes().Raw(0xFFFE, 0xE000, (uint)inner.Length, inner).ToArray()).ToArray()
                : new DicomBytes().Element(Private, "SQ", new DicomBytes().Raw(0xFFFE, 0xE000, uint.MaxValue, inner).Raw(0xFFFE, 0xE00D, 0)
                    .Raw(0xFFFE, 0xE0DD, 0).ToArray(), uint.MaxValue).ToArray();
        }

        byte[] file =
        [
            .. DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ToArray(), .. inner,
            .. new DicomBytes().ImagePixel(1, 2, 16, 12).Words(DicomBytes.PixelData, "OW", 7, 9).ToArray(),
        ];
        Assert.Equal(reason, DicomFiles.Decode(file).Reason);
        Assert.Equal(reason, Probe(file).Reason);
    }

    [Fact]
    public void Known_and_unknown_lengths_count_together()
    {
        for (var depth = 32; depth <= 33; depth++)
        {
            byte[] inner = [];
            for (var level = 0; level < depth; level++)
            {
                inner = level % 2 == 0
                    ? new DicomBytes().Element(Private, "SQ", new DicomBytes().Raw(0xFFFE, 0xE000, (uint)inner.Length, inner).ToArray()).ToArray()
                    : new DicomBytes().Element(Private, "SQ", new DicomBytes().Raw(0xFFFE, 0xE000, uint.MaxValue, inner)
                        .Raw(0xFFFE, 0xE00D, 0).Raw(0xFFFE, 0xE0DD, 0).ToArray(), uint.MaxValue).ToArray();
            }

            byte[] file = [.. DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ToArray(), .. inner];
            var status = DicomReader.Parse(file, true, new()).Status;
            Assert.Equal(depth == 32 ? ParseStatus.Ok : ParseStatus.NestingTooDeep, status);
        }
    }

    [Theory]
    [InlineData(20_000, 1, Reason.TruncatedPixelData)] // the limit holds, and there are no pixels
    [InlineData(20_001, 1, Reason.DimensionsTooLarge)]
    [InlineData(1, 20_000, Reason.TruncatedPixelData)]
    [InlineData(1, 20_001, Reason.DimensionsTooLarge)]
    [InlineData(65_535, 65_535, Reason.DimensionsTooLarge)]
    public void Rows_and_columns_are_20000_at_most(int rows, int columns, Reason reason) =>
        Assert.Equal(reason, DicomFiles.Decode(Promise(rows, columns, 16)).Reason);

    [Fact]
    public void A_film_of_20000_columns_is_decoded()
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).ImagePixel(1, 20_000, 16, 12)
            .Element(DicomBytes.PixelData, "OW", new byte[40_000]).ToArray();
        Assert.Equal(Reason.None, DicomFiles.Decode(file).Reason);
    }

    [Theory]
    [InlineData(16_384, 16_384, Reason.TruncatedPixelData)] // 32 bits: 1 GiB to the byte
    [InlineData(16_384, 16_385, Reason.DecodedTooLarge)]
    [InlineData(20_000, 20_000, Reason.DecodedTooLarge)]
    public void A_decoded_frame_has_1_GiB_at_most(int rows, int columns, Reason reason) =>
        Assert.Equal(reason, DicomFiles.Decode(Promise(rows, columns, 32)).Reason);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1024)]
    [InlineData(100_000, 1024)]
    [InlineData(100_001, 1)]
    [InlineData(int.MaxValue, 1)]
    public void Frames_above_the_limit_are_sampled_and_the_row_says_so(int frames, int rows)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
            .Text(DicomTags.SopInstanceUid, "UI", "1.2.3").Text(DicomTags.Modality, "CS", "DX")
            .Text(DicomTags.NumberOfFrames, "IS", $"{frames}").ImagePixel(1, 2, 8, 8).Element(DicomBytes.PixelData, "OB", [1, 2]).ToArray();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["film"], file);
        using var pool = new PixelBufferPool();
        using var indexer = Archive.OneFolderIndexer.Of(folder.FullPath, pool);
        var films = indexer.Index(new("film"u8.ToArray(), ArchiveEntryKind.File, null)).ToList();

        Assert.Equal(rows, films.Count);
        Assert.All(films, film => Assert.Equal(frames, film.Frames));
        Assert.All(films, film => Assert.Equal(frames > 100_000 ? Reason.TooLarge : Reason.None, film.Reason));
        Assert.All(films, film => Assert.Equal(frames is > 1024 and <= 100_000, FrameSample.IsOf(film)));
        Assert.Equal(1, films[0].Frame);
        if (rows == 1) return;
        int[] steps = [.. films.Zip(films.Skip(1), (a, b) => b.Frame - a.Frame), frames + 1 - films[^1].Frame];
        Assert.InRange(steps.Max() - steps.Min(), 0, 1); // even distances, to the end
    }

    [Theory]
    [InlineData(100, "the image ends before its last progressive scan")] // the limit holds, and the picture is not whole
    [InlineData(101, "more scans than the limit")]
    public void A_progressive_JPEG_has_100_scans_at_most(int scans, string detail)
    {
        // Each coefficient may be sent in 14 scans, a bit less each time: what is repeated, or out of order, is refused before it counts.
        var stream = ProgressiveHeader(8, 8);
        for (var i = 0; i < scans; i++)
        {
            var (coefficient, low) = ((byte)(i / 14), 13 - i % 14);
            var high = low == 13 ? 0 : low + 1;
            stream.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, coefficient, coefficient, (byte)(high << 4 | low), 0x55]);
        }

        var film = DicomFiles.Decode(Encapsulated(TransferSyntaxes.JpegFullProgression, 8, 8, 8, [.. stream, 0xFF, 0xD9, 0]));
        Assert.Equal((Reason.CorruptPixelData, detail), (film.Reason, film.Detail));
    }

    [Theory]
    [InlineData(16_384, Reason.CorruptPixelData)] // 2^28 samples: the limit holds, and there is no scan
    [InlineData(16_385, Reason.TooLarge)]
    public void A_progressive_JPEG_has_2_to_the_28_samples_at_most(int columns, Reason reason)
    {
        // As long as a stream of so many samples must be at least.
        byte[] stream = [.. ProgressiveHeader(16_384, columns), 0xFF, 0xD9, .. new byte[(1 << 18) + 64]];
        Assert.Equal(reason, DicomFiles.Decode(Encapsulated(TransferSyntaxes.JpegFullProgression, 16_384, columns, 8, stream)).Reason);
    }

    [Theory]
    [InlineData("compressed-cases.csv.gz", "jpeg dcmcjpeg +ee 12 bits 33x29")]
    [InlineData("compressed-cases.csv.gz", "jpeg-lossless dcmcjpeg +e1 named extended")]
    [InlineData("native-cases.csv.gz", "charls u12")]
    public void A_JPEG_stream_has_10000_marker_segments_at_most(string cases, string name)
    {
        var file = Convert.FromBase64String(OracleFile.Read(cases).Single(line => line[0] == name)[cases[0] == 'c' ? 3 : 2]);
        var whole = DicomFiles.Decode(file);
        Assert.NotNull(whole.Sha256);
        Assert.Equal(whole.Sha256, DicomFiles.Decode(WithComments(file, 9_900)).Sha256);
        var film = DicomFiles.Decode(WithComments(file, 10_001));
        Assert.Equal((Reason.CorruptPixelData, "more marker segments than the limit"), (film.Reason, film.Detail));
    }

    [Theory]
    [InlineData(1_000_000, Reason.None)]
    [InlineData(1_000_001, Reason.MissingFrame)]
    public void A_frame_is_looked_for_in_1000000_fragments_at_most(int fragments, Reason reason)
    {
        // Two frames, and no table; between them fragments of nothing, which belong to the first.
        var source = Convert.FromBase64String(OracleFile.Read("compressed-cases.csv.gz").Single(line => line[0] == "jpeg dcmcjpeg +eb 8 bits 7x5")[3]);
        var start = source.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
        var jpeg = source.AsSpan(start, BinaryPrimitives.ReadInt32LittleEndian(source.AsSpan(start - 4)));
        var dataset = new DicomDataset();
        DicomReader.Parse(source, true, dataset);
        var description = dataset.DescribePixels(source);
        var bytes = DicomBytes.File(TransferSyntaxes.JpegBaseline).Text(DicomTags.NumberOfFrames, "IS", "2")
            .ImagePixel(description.Rows, description.Columns, 8, 8).Element(DicomBytes.PixelData, "OB", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, 0).Raw(0xFFFE, 0xE000, (uint)jpeg.Length, jpeg);
        for (var i = 2; i < fragments; i++) bytes.Raw(0xFFFE, 0xE000, 0);
        var film = DicomFiles.Decode(bytes.Raw(0xFFFE, 0xE000, (uint)jpeg.Length, jpeg).Raw(0xFFFE, 0xE0DD, 0).ToArray());
        Assert.Equal(reason, film.Reason);
    }

    private static byte[] Promise(int rows, int columns, int bits) => DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
        .ImagePixel(rows, columns, bits, bits).Words(DicomBytes.PixelData, "OW", 1, 2).ToArray();

    private static ProbedHeader Probe(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["film"], file);
        using var opened = ArchiveFiles.Open(folder.FullPath, "film"u8.ToArray(), out _, out _);
        using var pool = new PixelBufferPool();
        using var probe = new HeaderProbe(pool);
        return probe.Read(opened!);
    }

    /// <summary>Start of image, a quantization table of ones, a progressive frame of one component of 8 bits.</summary>
    private static List<byte> ProgressiveHeader(int rows, int columns) =>
    [
        0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
        0xFF, 0xC2, 0, 11, 8, (byte)(rows >> 8), (byte)rows, (byte)(columns >> 8), (byte)columns, 1, 1, 0x11, 0,
    ];

    private static byte[] Encapsulated(string syntax, int rows, int columns, int bits, ReadOnlySpan<byte> stream) => DicomBytes.File(syntax)
        .ImagePixel(rows, columns, bits, bits).Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0)
        .Raw(0xFFFE, 0xE000, (uint)stream.Length, stream).Raw(0xFFFE, 0xE0DD, 0).ToArray();

    /// <summary>So many empty comments before the scan of a file's only frame.</summary>
    private static byte[] WithComments(byte[] file, int comments)
    {
        var start = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
        var scan = start + file.AsSpan(start).IndexOf((byte[])[0xFF, 0xDA]);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start - 4)) + 4 * comments);
        var between = new byte[4 * comments];
        for (var i = 0; i < comments; i++) ((byte[])[0xFF, 0xFE, 0, 2]).CopyTo(between, 4 * i);
        return [.. file.AsSpan(0, start - 4), .. length, .. file.AsSpan(start, scan - start), .. between, .. file.AsSpan(scan)];
    }
}
