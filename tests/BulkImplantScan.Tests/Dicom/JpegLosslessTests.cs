using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Streams of one film of DCMTK's, each broken in one place: the reason and the byte are told.</summary>
public sealed class JpegLosslessTests
{
    [Fact]
    public void Each_broken_marker_segment_is_corrupt_pixel_data_at_its_byte()
    {
        var file = Film();
        (string What, byte Marker, int Byte, byte Value)[] faults =
        [
            ("rows that disagree with the header", 0xC3, 6, 200),
            ("columns that disagree", 0xC3, 8, 200),
            ("precision beyond the cell", 0xC3, 4, 17),
            ("precision below the samples", 0xC3, 4, 4),
            ("two components", 0xC3, 9, 2),
            ("a Huffman table of more codes than there can be", 0xC4, 5, 255),
            ("a category above 16", 0xC4, 21, 200),
            ("a table in no slot", 0xC4, 4, 7),
            ("selection value 0", 0xDA, 7, 0),
            ("selection value 8", 0xDA, 7, 8),
            ("a component that the frame has not", 0xDA, 5, 99),
            ("a table that was not defined", 0xDA, 6, 0x30),
            ("point transform above the precision", 0xDA, 9, 15),
            ("another process", 0xC3, 1, 0xC1),
            ("a frame header of length 1", 0xC3, 3, 1),
        ];
        foreach (var (what, marker, at, value) in faults)
        {
            var copy = file.ToArray();
            var segment = Find(copy, marker);
            copy[segment + at] = value;
            var film = DicomFiles.Decode(copy);
            Assert.True(film.Reason == Reason.CorruptPixelData && film.Offset >= segment && film.Detail is not null, $"{what}: {film}");
        }
    }

    [Fact]
    public void A_stream_that_ends_or_meets_a_marker_before_its_last_row_is_no_film()
    {
        var file = Film();
        var scan = Find(file, 0xDA) + 10;

        var marked = file.ToArray();
        (marked[scan + 60], marked[scan + 61]) = (0xFF, 0xD9);
        Assert.Equal(Reason.CorruptPixelData, DicomFiles.Decode(marked).Reason);

        // The codestream's own end cut off, with the fragment whole: zeros would decode as codes.
        var length = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD9]);
        var emptied = file.ToArray();
        emptied.AsSpan(scan + 60, length - scan - 60).Fill(0xFF);
        Assert.NotEqual(Reason.None, DicomFiles.Decode(emptied).Reason);
    }

    private static byte[] Film() => Convert.FromBase64String(
        OracleFile.Read("pixel-cases.csv.gz").First(line => line[0] == "jpeg-lossless dcmcjpeg u12x1 sv1")[2]);

    // First byte of the marker, behind the start of image.
    private static int Find(byte[] file, byte marker)
    {
        var start = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
        return start + file.AsSpan(start).IndexOf((byte[])[0xFF, marker]);
    }
}
