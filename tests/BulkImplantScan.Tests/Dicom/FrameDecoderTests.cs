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
}
