using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

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
        var folder = Directory.CreateTempSubdirectory("bis-frames-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "film"), file);
            using var pool = new PixelBufferPool();
            using var indexer = Archive.OneFolderIndexer.Of(folder, pool);
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
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Promise(int rows, int columns, int bits) => DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
        .ImagePixel(rows, columns, bits, bits).Words(DicomBytes.PixelData, "OW", 1, 2).ToArray();

    private static ProbedHeader Probe(byte[] file)
    {
        var folder = Directory.CreateTempSubdirectory("bis-limits-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "film"), file);
            using var opened = ArchiveFiles.Open(folder, "film"u8.ToArray(), out _, out _);
            using var pool = new PixelBufferPool();
            using var probe = new HeaderProbe(pool);
            return probe.Read(opened!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
