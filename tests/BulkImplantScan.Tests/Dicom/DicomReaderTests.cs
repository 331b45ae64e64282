using System.IO.Compression;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

public sealed class DicomReaderTests
{
    private const string ExplicitLittleEndian = TransferSyntaxes.ExplicitLittleEndian;
    private static readonly DicomTag PrivateSequence = new(0x0009, 0x1010);

    [Fact]
    public void Parsing_a_header_allocates_nothing()
    {
        var file = File.ReadAllBytes(SharedFolder.Require("data", "dicom", "breast_mg_voilut.dcm"));
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) DicomReader.Parse(file, true, dataset);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_prefix_asks_for_more_until_it_reaches_the_pixels_and_then_says_what_the_whole_says()
    {
        var shared = SharedFolder.Require("data", "dicom");
        var (whole, probe) = (new DicomDataset(), new DicomDataset());
        foreach (var path in Directory.EnumerateFiles(shared, "*", SearchOption.AllDirectories))
        {
            var file = File.ReadAllBytes(path);
            var expected = DicomReader.Parse(file, true, whole);
            if (expected.Status != ParseStatus.Ok || whole.PixelData is null) continue;
            for (var length = 64; ; length *= 2)
            {
                if (length >= file.Length) length = file.Length;
                var outcome = DicomReader.Parse(file.AsSpan(0, length), length == file.Length, probe);
                if (outcome.Status == ParseStatus.NeedMoreBytes)
                {
                    Assert.True(outcome.Offset > length, path);
                    continue;
                }

                Assert.Equal(expected, outcome);
                Assert.Equal(whole.PixelData, probe.PixelData);
                Assert.Equal(whole.Find(DicomTags.SopInstanceUid), probe.Find(DicomTags.SopInstanceUid));
                break;
            }
        }
    }

    [Theory]
    [InlineData("chest_dx_mono1_small.dcm", ExplicitLittleEndian)]
    [InlineData("mr_implicit.dcm", TransferSyntaxes.ImplicitLittleEndian)]
    [InlineData("mr_bigendian.dcm", TransferSyntaxes.ExplicitBigEndian)]
    public void Without_preamble_or_meta_information_the_first_elements_tell_the_encoding(string name, string syntax)
    {
        var file = File.ReadAllBytes(SharedFolder.Require("data", "dicom", name));
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        var hash = DicomFiles.Decode(file).Sha256;
        Assert.NotNull(hash);

        var bare = file.AsSpan(dataset.DataSetOffset).ToArray();
        Assert.Equal(hash, DicomFiles.Decode(bare).Sha256);
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(bare, true, dataset).Status);
        Assert.Equal(syntax, dataset.TransferSyntax);
        Assert.True(dataset.IsTransferSyntaxDeduced);

        Assert.Equal(hash, DicomFiles.Decode(file.AsSpan(132)).Sha256); // meta information, no preamble
        var withoutMeta = (byte[])[.. file.AsSpan(0, 132), .. bare];
        Assert.Equal(hash, DicomFiles.Decode(withoutMeta).Sha256);
    }

    [Theory]
    [InlineData(TransferSyntaxes.ImplicitLittleEndian)]
    [InlineData(TransferSyntaxes.ExplicitBigEndian)]
    public void A_data_set_that_is_not_what_its_transfer_syntax_says_is_read_as_it_is(string claimed)
    {
        var file = DicomBytes.File(claimed).ImagePixel(1, 2, 16, 12).Words(DicomBytes.PixelData, "OW", 7, 9).ToArray();
        Assert.Equal(7, DicomFiles.Decode(file).Min);
        Assert.Equal(9, DicomFiles.Decode(file).Max);
    }

    [Fact]
    public void Other_files_are_not_dicom()
    {
        byte[][] files =
        [
            [], [1, 2, 3], new byte[5000], "%PDF-1.7 and so on, long enough to look at"u8.ToArray(),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1],
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
            [8, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3, 4], [8, 0, 5, 0, 0x43, 0x53],
        ];
        foreach (var file in files) Assert.Equal(ParseStatus.NotDicom, DicomReader.Parse(file, true, new()).Status);
    }

    [Fact]
    public void Sequences_are_stepped_over_however_they_are_delimited()
    {
        // Undefined and defined lengths mixed, private, UN with implicit content, items and delimiters missing.
        var file = DicomBytes.File(ExplicitLittleEndian)
            .Element(PrivateSequence, "SQ", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, uint.MaxValue).Words(DicomTags.Rows, "US", 1)
            .Element(new(0x0009, 0x1011), "UN", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, uint.MaxValue).Raw(0x0028, 0x0011, 2, [1, 0]).Raw(0xFFFE, 0xE00D, 0)
            .Raw(0xFFFE, 0xE000, 10).Raw(0x0028, 0x0011, 2, [1, 0])
            .Raw(0xFFFE, 0xE0DD, 0)
            .Raw(0xFFFE, 0xE000, uint.MaxValue).Words(DicomTags.Columns, "US", 1) // the first item lacks its delimiter
            .Raw(0xFFFE, 0xE0DD, 0) // so does the second
            .Element(new(0x0011, 0x1010), "SQ", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, 0) // and this sequence
            .Words(DicomTags.SamplesPerPixel, "US", 1)
            .Raw(0xFFFE, 0xE0DD, 0) // one delimiter too many
            .ImagePixel(1, 2, 16, 12).Words(DicomBytes.PixelData, "OW", 7, 9).ToArray();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        Assert.Equal(2, dataset.GetInt32(file, DicomTags.Columns));
        Assert.Equal((7L, 9L), (DicomFiles.Decode(file).Min, DicomFiles.Decode(file).Max));
    }

    [Fact]
    public void An_element_without_letters_for_its_VR_in_an_explicit_data_set_is_read_as_implicit()
    {
        // Among others that have theirs, and in items: what comes behind is found where it stands. Not the first: that one tells the
        // encoding of all.
        var file = DicomBytes.File(ExplicitLittleEndian)
            .Text(DicomTags.SopInstanceUid, "UI", "1.2.3").Raw(0x0008, 0x0060, 2, "DX"u8).Raw(0x0009, 0x1010, 300, new byte[300])
            .Sequence(PrivateSequence, item => item.Raw(0x0009, 0x1011, 4, [1, 2, 3, 4]).Words(DicomTags.Rows, "US", 9))
            .Element(new(0x0011, 0x1010), "SQ", default, uint.MaxValue).Raw(0xFFFE, 0xE000, uint.MaxValue)
            .Raw(0x0011, 0x1011, 2, [7, 0]).Words(DicomTags.Columns, "US", 9).Raw(0xFFFE, 0xE00D, 0).Raw(0xFFFE, 0xE0DD, 0)
            .Raw(0x0028, 0x0011, 2, [2, 0]) // Columns, before the 5 that are said again
            .ImagePixel(1, 5, 16, 12).Words(DicomBytes.PixelData, "OW", 7, 9).ToArray();
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, true, dataset).Status);
        Assert.True(dataset.IsExplicit);
        Assert.Equal("DX", dataset.GetString(file, DicomTags.Modality));
        Assert.Equal((1, 2), (dataset.GetInt32(file, DicomTags.Rows), dataset.GetInt32(file, DicomTags.Columns)));
        Assert.Equal((7L, 9L), (DicomFiles.Decode(file).Min, DicomFiles.Decode(file).Max));
    }

    [Fact]
    public void The_number_of_elements_has_a_limit()
    {
        var many = DicomBytes.File(ExplicitLittleEndian).ToArray().AsSpan();
        var start = many.Length;
        many = (byte[])[.. many, .. new byte[8 * (DicomReader.MaxElements + 2)]];
        for (var at = start; at < many.Length; at += 8) (many[at], many[at + 4], many[at + 5]) = (9, (byte)'L', (byte)'O');
        Assert.Equal(ParseStatus.Malformed, DicomReader.Parse(many, true, new()).Status);
    }

    [Fact]
    public void A_data_set_that_ends_inside_an_element_says_where()
    {
        var file = DicomBytes.File(ExplicitLittleEndian).Text(DicomTags.Modality, "CS", "DX");
        var at = file.ToArray().Length;
        var cut = file.Element(DicomTags.Manufacturer, "LO", "short"u8, 500).ToArray();
        var outcome = DicomReader.Parse(cut, true, new());
        Assert.Equal((ParseStatus.Malformed, (long)at), (outcome.Status, outcome.Offset));
    }

    [Fact]
    public void Values_are_read_tolerantly_and_never_guessed()
    {
        var file = DicomBytes.File(ExplicitLittleEndian)
            .Text(DicomTags.Modality, "CS", " DX ").Text(DicomTags.PatientId, "LO", "")
            .Text(DicomTags.BodyPartExamined, "CS", "HIP\\PELVIS").Element(DicomTags.Manufacturer, "LO", [0x4D, 0xFC, 0x6C, 0x6C])
            .Text(DicomTags.NumberOfFrames, "IS", "1A").Words(DicomTags.Rows, "US", 65535)
            .Element(DicomTags.Columns, "US", [1]).Element(DicomTags.BitsStored, "SL", [255, 255, 255, 255])
            .Text(DicomTags.WindowCenter, "DS", " +4.5E1\\x\\3").Text(DicomTags.WindowWidth, "DS", "NaN")
            .Text(DicomTags.RescaleSlope, "DS", "1,5").Text(DicomTags.RescaleIntercept, "DS", "1e999").ToArray();
        var dataset = new DicomDataset();
        DicomReader.Parse(file, true, dataset);
        Assert.Equal("DX", dataset.GetString(file, DicomTags.Modality));
        Assert.Null(dataset.GetString(file, DicomTags.PatientId));
        Assert.True(dataset.Contains(DicomTags.PatientId));
        Assert.Equal("HIP", dataset.GetString(file, DicomTags.BodyPartExamined));
        Assert.Equal(["HIP", "PELVIS"], dataset.GetStrings(file, DicomTags.BodyPartExamined));
        Assert.Equal("Müll", dataset.GetString(file, DicomTags.Manufacturer));
        Assert.Equal(65535, dataset.GetInt32(file, DicomTags.Rows));
        Assert.Null(dataset.GetInt32(file, DicomTags.Columns));
        Assert.Equal(-1, dataset.GetInt32(file, DicomTags.BitsStored));
        Assert.Null(dataset.GetInt32(file, DicomTags.NumberOfFrames));
        Assert.Equal(0, dataset.DescribePixels(file).NumberOfFrames);
        Assert.Equal(45, dataset.GetDouble(file, DicomTags.WindowCenter));
        Assert.Equal([45.0], dataset.GetDoubles(file, DicomTags.WindowCenter));
        Assert.Null(dataset.GetDouble(file, DicomTags.WindowWidth));
        Assert.Null(dataset.GetDouble(file, DicomTags.RescaleSlope));
        Assert.Null(dataset.GetDouble(file, DicomTags.RescaleIntercept));
        Assert.Throws<ArgumentException>(() => dataset.GetInt32(file, PrivateSequence));
    }

    [Fact]
    public void A_deflated_header_is_read_from_a_prefix_and_inflates_no_pixels()
    {
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        var file = Deflated(new DicomBytes().Text(DicomTags.Modality, "CS", "DX").ImagePixel(1024, 1024, 8, 8)
            .Element(DicomBytes.PixelData, "OB", noise).ToArray());
        using var pool = new PixelBufferPool();
        var dataset = new DicomDataset();
        var prefix = file.AsSpan(0, 16 << 10);
        Assert.Equal(ParseStatus.Deflated, DicomReader.Parse(prefix, false, dataset).Status);
        Assert.Equal(ParseStatus.Ok, DicomReader.Inflate(prefix, false, true, dataset, pool, out var header, out var length).Status);
        using (header)
        {
            Assert.InRange(length, 200, PixelBufferPool.SmallestBytes);
            Assert.Equal("DX", dataset.GetString(header!.Span(length), DicomTags.Modality));
            Assert.Equal(1024, dataset.DescribePixels(header.Span(length)).Rows);
        }

        DicomReader.Parse(file.AsSpan(0, 200), false, dataset);
        var little = DicomReader.Inflate(file.AsSpan(0, 200), false, true, dataset, pool, out var none, out _);
        Assert.Equal((ParseStatus.NeedMoreBytes, null), (little.Status, none));
        Assert.Equal(Reason.None, DicomFiles.Decode(file).Reason);
        Assert.Equal(Reason.TruncatedPixelData, DicomFiles.Decode(file.AsSpan(0, file.Length / 2)).Reason);
        file.AsSpan(file.Length / 2, 16).Fill(0xFF); // noise is stored, not coded: either bytes differ or the stream breaks off
        Assert.True(DicomFiles.Decode(file).Reason is Reason.TruncatedPixelData or Reason.None);
    }

    [Fact]
    public void A_deflate_bomb_costs_neither_time_nor_memory()
    {
        var header = Deflated(new DicomBytes().Element(new(0x0009, 0x1010), "OB", new byte[80 << 20]).ToArray());
        Assert.Equal(Reason.HeaderTooLarge, DicomFiles.Decode(header).Reason);

        // Two gigabytes promised, a kilobyte there: what is promised is not rented.
        var promise = Deflated(new DicomBytes().ImagePixel(40000, 50000, 8, 8)
            .Element(DicomBytes.PixelData, "OB", new byte[1000], 2_000_000_000).ToArray());
        Assert.Equal(Reason.DimensionsTooLarge, DicomFiles.Decode(promise).Reason);
        var smaller = Deflated(new DicomBytes().ImagePixel(20000, 20000, 16, 16)
            .Element(DicomBytes.PixelData, "OW", new byte[1000], 800_000_000).ToArray());
        Assert.Equal(Reason.TruncatedPixelData, DicomFiles.Decode(smaller).Reason);
    }

    [Fact]
    public void A_deflated_data_set_with_zlibs_header_is_read_too()
    {
        var film = new DicomBytes().Text(DicomTags.Modality, "CS", "DX").ImagePixel(3, 4, 16, 12)
            .Words(DicomBytes.PixelData, "OW", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).ToArray();
        var bare = DicomFiles.Decode(Deflated(film));
        Assert.Equal(Reason.None, bare.Reason);
        foreach (var level in Enum.GetValues<CompressionLevel>())
        {
            var bytes = new MemoryStream();
            bytes.Write(DicomBytes.File(TransferSyntaxes.DeflatedLittleEndian).ToArray());
            using (var deflate = new ZLibStream(bytes, level)) deflate.Write(film);
            Assert.Equal(bare, DicomFiles.Decode(bytes.ToArray()));
        }

        // A bare stream whose first block is a stored one can begin with a byte of zlib's.
        var stored = new byte[0x0178];
        film.CopyTo(stored, 0);
        byte[] looksLikeZlib = [0x78, (byte)stored.Length, (byte)(stored.Length >> 8), (byte)~stored.Length, (byte)~(stored.Length >> 8), .. stored, 1, 0, 0, 0xFF, 0xFF];
        Assert.Equal(
            bare, DicomFiles.Decode([.. DicomBytes.File(TransferSyntaxes.DeflatedLittleEndian).ToArray(), .. looksLikeZlib]));
    }

    [Theory]
    [InlineData(TransferSyntaxes.JpipReferencedDeflate)]
    [InlineData(TransferSyntaxes.JpipHtj2kReferencedDeflate)]
    public void A_deflated_data_set_whose_pixels_lie_elsewhere_is_read_and_has_none(string syntax)
    {
        var file = Deflated(new DicomBytes().Text(DicomTags.Modality, "CS", "DX").ImagePixel(3, 4, 16, 12).ToArray(), syntax);
        var film = DicomFiles.Decode(file);
        Assert.Equal((Reason.NoPixelData, "DX"), (film.Reason, film.Modality));
    }

    private static byte[] Deflated(byte[] dataset, string syntax = TransferSyntaxes.DeflatedLittleEndian)
    {
        var bytes = new MemoryStream();
        bytes.Write(DicomBytes.File(syntax).ToArray());
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Fastest)) deflate.Write(dataset);
        return bytes.ToArray();
    }
}
