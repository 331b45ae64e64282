using System.Buffers.Binary;
using System.Text;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom;

public sealed class JpegFamilyTests
{
    [Fact]
    public void Whether_a_stream_may_ring_is_what_it_is_not_what_the_header_calls_it()
    {
        // 12 bits under a header of 8, lossless: read with all of them, whichever process the transfer syntax names.
        var truth = Convert.FromBase64String(
            OracleFile.Read("pixel-cases.csv.gz").First(line => line[0].StartsWith("jpeg-lossless", StringComparison.Ordinal) && line[0].Contains("u12x1", StringComparison.Ordinal))[2]);
        var file = truth.ToArray();
        foreach (var (element, value) in ((byte, ushort)[])[(1, 8), (2, 7)])
        {
            var at = file.AsSpan().IndexOf((byte[])[0x28, 0, element, 1, (byte)'U', (byte)'S', 2, 0]);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 8), value);
        }

        var dataset = new DicomDataset();
        DicomReader.Parse(file, isWholeFile: true, dataset);
        var expected = CompressedCasesTests.Decode(truth);
        Assert.Equal(expected.Pixels, CompressedCasesTests.Decode(file).Pixels);
        foreach (var syntax in (string[])[TransferSyntaxes.JpegBaseline, TransferSyntaxes.JpegExtended, TransferSyntaxes.JpegLsNearLossless])
        {
            var misnamed = file.ToArray();
            Encoding.ASCII.GetBytes(syntax, misnamed.AsSpan(misnamed.AsSpan().IndexOf(Encoding.ASCII.GetBytes(dataset.TransferSyntax!))));
            var (reason, detail, decoder, pixels) = CompressedCasesTests.Decode(misnamed);
            Assert.True(decoder == "jpeg-lossless" && pixels.SequenceEqual(expected.Pixels), $"{syntax}: {reason} {detail} {decoder}");
        }
    }
}
