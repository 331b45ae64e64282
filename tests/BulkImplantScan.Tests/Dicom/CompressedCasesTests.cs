using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>JPEG by DCMTK and libjpeg, deflated frames by zlib: pixel by pixel against what those decode (<c>make_compressed_cases.py</c>).</summary>
public sealed class CompressedCasesTests
{
    [Fact]
    public void Every_pixel_is_as_near_to_the_other_decoders_as_the_case_allows()
    {
        var faults = new List<string>();
        var cases = 0;
        foreach (var line in OracleFile.Read("compressed-cases.csv.gz"))
        {
            cases++;
            var tolerance = int.Parse(line[1], System.Globalization.CultureInfo.InvariantCulture);
            var expected = MemoryMarshal.Cast<byte, int>(Convert.FromBase64String(line[2]));
            var (reason, detail, decoder, actual) = Decode(Convert.FromBase64String(line[3]));
            if (reason != Reason.None || decoder != line[0].Split(' ')[0] || actual.Length != expected.Length)
            {
                faults.Add($"{line[0]}: {reason} {detail}, {decoder}, {actual.Length} of {expected.Length}");
                continue;
            }

            int worst = 0;
            double differences = 0;
            for (var i = 0; i < expected.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
                differences += expected[i] - actual[i];
            }

            // No systematic shift: rounding goes both ways.
            var shift = Math.Abs(differences / expected.Length);
            if (worst > tolerance || shift > 0.25) faults.Add($"{line[0]}: off by {worst}, {tolerance} allowed; mean by {shift:F3}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(61, cases);
    }

    [Fact]
    public void A_sample_that_overshoots_is_white_not_black()
    {
        var line = OracleFile.Read("compressed-cases.csv.gz").Single(line => line[0].EndsWith("overshoot", StringComparison.Ordinal));
        var file = Convert.FromBase64String(line[3]);
        Assert.Contains(4095, Decode(file).Pixels);

        // Under a header of far fewer bits it is more than ringing.
        Assert.Equal(Reason.ImplausiblePixels, Decode(WithBitsStored(file, 10)).Reason);
    }

    [Fact]
    public void Samples_of_a_lossless_codec_outside_Bits_Stored_are_said_and_overlays_are_not_taken_for_them()
    {
        var file = Convert.FromBase64String(
            OracleFile.Read("pixel-cases.csv.gz").First(line => line[0] == "rle dcmcrle u12x1 noise 0.05")[2]);
        // A film of 12 bits that says 8 is smoother with all of them: the header lies, the codec does not.
        var lying = DicomFiles.Decode(WithBitsStored(file, 8));
        Assert.Equal((Reason.None, "rle"), (lying.Reason, lying.Decoder));
        Assert.Equal(DicomFiles.Decode(file).Sha256, lying.Sha256);

        // RLE keeps all bits of a cell, so overlays that were in them before are still there; without a word of overlays it is rubbish.
        var plain = DicomBytes.File(TransferSyntaxes.Rle).ImagePixel(2, 2, 16, 12)
            .Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0);
        var overlaid = DicomBytes.File(TransferSyntaxes.Rle).ImagePixel(2, 2, 16, 12).Words(DicomTags.OverlayBitsAllocated(0), "US", 16).Words(DicomTags.OverlayBitPosition(0), "US", 12)
            .Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0);
        byte[] frame = [2, 0, 0, 0, 64, 0, 0, 0, 70, 0, 0, 0, .. new byte[52], 3, 0x10, 0x11, 0x02, 0x13, 0, 3, 1, 2, 3, 4, 0];
        var rubbish = DicomFiles.Decode(plain.Raw(0xFFFE, 0xE000, (uint)frame.Length, frame).ToArray());
        Assert.Equal((Reason.ImplausiblePixels, "samples outside bits_stored=12", "rle"), (rubbish.Reason, rubbish.Detail, rubbish.Decoder));
        var (reason, _, _, pixels) = Decode(overlaid.Raw(0xFFFE, 0xE000, (uint)frame.Length, frame).ToArray());
        Assert.Equal(Reason.None, reason);
        Assert.Equal([0x001, 0x102, 0x203, 0x304], pixels);
    }

    private static byte[] WithBitsStored(byte[] file, ushort bits)
    {
        var copy = file.ToArray();
        foreach (var (element, value) in ((byte, ushort)[])[(1, bits), (2, (ushort)(bits - 1))])
        {
            byte[] header = [0x28, 0, element, 1, (byte)'U', (byte)'S', 2, 0];
            var at = copy.AsSpan().IndexOf(header);
            Assert.True(at > 0);
            (copy[at + 8], copy[at + 9]) = ((byte)value, 0);
        }

        return copy;
    }

    internal static (Reason Reason, string? Detail, string? Decoder, int[] Pixels) Decode(ReadOnlySpan<byte> file)
    {
        var dataset = new DicomDataset();
        using var pool = new PixelBufferPool();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        var samples = new List<int>();
        string? decoder = null;
        for (var frame = 1; frame <= dataset.DescribePixels(file).NumberOfFrames; frame++)
        {
            var decoded = FrameDecoder.Decode(file, dataset, frame, DecodeSettings.Exact, pool);
            if (decoded.Pixels is not { } pixels) return (decoded.Reason, decoded.Detail, decoded.Decoder, []);
            using (pixels)
            {
                decoder = decoded.Decoder;
                for (var i = 0; i < pixels.SampleCount; i++)
                {
                    samples.Add(pixels.Kind switch
                    {
                        SampleKind.U8 => pixels.Samples<byte>()[i],
                        SampleKind.S8 => pixels.Samples<sbyte>()[i],
                        SampleKind.U16 => pixels.Samples<ushort>()[i],
                        _ => pixels.Samples<short>()[i],
                    });
                }
            }
        }

        return (Reason.None, null, decoder, [.. samples]);
    }
}
