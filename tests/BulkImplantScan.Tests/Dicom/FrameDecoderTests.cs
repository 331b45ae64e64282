using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

public sealed class FrameDecoderTests
{
    [Theory]
    [InlineData("native", 39)]
    [InlineData("rle", 12)]
    [InlineData("jpeg-lossless", 57)]
    public void Pixels_that_other_software_encoded_decode_bit_for_bit(string decoder, int cases)
    {
        var faults = new List<string>();
        foreach (var line in OracleFile.Read("pixel-cases.csv.gz").Where(line => line[0].StartsWith(decoder + " ", StringComparison.Ordinal)))
        {
            cases--;
            var film = DicomFiles.Decode(Convert.FromBase64String(line[2]));
            if (film.Reason != Reason.None || film.Sha256 != line[1] || film.Decoder != decoder) faults.Add($"{line[0]}: {film}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.Equal(0, cases);
    }

    [Theory]
    [InlineData(2, Reason.None)] // a run of three
    [InlineData(3, Reason.None)] // of four: the plane was made even
    [InlineData(4, Reason.CorruptPixelData)]
    public void An_RLE_run_may_end_one_byte_beyond_its_plane_and_no_more(int repeats, Reason reason)
    {
        byte[] frame = [1, 0, 0, 0, 64, 0, 0, 0, .. new byte[56], (byte)-(sbyte)repeats, 7];
        var file = DicomBytes.File(TransferSyntaxes.Rle).ImagePixel(1, 3, 8, 8).Element(DicomBytes.PixelData, "OB", default, uint.MaxValue)
            .Raw(0xFFFE, 0xE000, 0).Raw(0xFFFE, 0xE000, (uint)frame.Length, frame).Raw(0xFFFE, 0xE0DD, 0).ToArray();
        var film = DicomFiles.Decode(file);
        Assert.Equal((reason, reason == Reason.None ? 7L : null), (film.Reason, film.Min));
    }
}
