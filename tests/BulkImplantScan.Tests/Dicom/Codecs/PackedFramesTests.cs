using System.IO.Compression;
using BulkImplantScan.Dicom;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

public sealed class PackedFramesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    public void Cells_packed_without_gaps_are_unpacked_from_deflated_frames_too(int bits)
    {
        var random = new Random(bits);
        int[] values = [.. Enumerable.Range(0, 40).Select(_ => random.Next(1 << bits))];
        var packed = new byte[40 * bits / 8];
        for (var bit = 0; bit < 8 * packed.Length; bit++) packed[bit / 8] |= (byte)((values[bit / bits] >> bit % bits & 1) << bit % 8);
        using var deflated = new MemoryStream();
        using (var deflater = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true)) deflater.Write(packed);
        if (deflated.Length % 2 != 0) deflated.WriteByte(0);
        foreach (var (syntax, frame) in ((string, byte[])[])
            [(TransferSyntaxes.EncapsulatedUncompressed, packed), (TransferSyntaxes.DeflatedImageFrame, deflated.ToArray())])
        {
            var file = DicomBytes.File(syntax).ImagePixel(5, 8, bits, bits)
                .Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0)
                .Raw(0xFFFE, 0xE000, (uint)frame.Length, frame).Raw(0xFFFE, 0xE0DD, 0).ToArray();
            var film = CompressedCasesTests.Decode(file);
            Assert.Equal((Reason.None, null), (film.Reason, film.Detail));
            Assert.Equal(values, film.Pixels);
        }
    }
}
