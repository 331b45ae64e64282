using System.Buffers.Binary;
using System.Text;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>Bits above Bits Stored from the system's libraries: the rules are those of every other codec.</summary>
public sealed class NativeBitsTests
{
    private const int Side = 32;

    // Of 32 × 32 samples in 16 bits, lossless, by opj_compress -n 3: 100 x + 30 y, but 4096, 4100 and 4200 at 100, 500 and 700; and
    // the same less 2048, signed, but 2048, 2049 and 2100 there.
    private const string Unsigned =
        "/0//UQApAAAAAAAgAAAAIAAAAAAAAAAAAAAAIAAAACAAAAAAAAAAAAABDwEB/1IADAAAAAEAAgQEAAH/XAAKQICIiJCIiJD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAE6AAH/k9/4k0gQ/3dr1A7FgZH5gqMwmYx5lz1/2CfthK8F3qUmqWRl+DA01o+xXsXTXCzOHAMrlbJzHS5x+fS5gQ2XR8XmKS2DfyelUEU1rydNt2d13Tk5yWzA7TxHg0Gez63mZCRCAQ3eMYIvuZW0z5vAH5kMAPwH4APwFAxtLL/3JL0yZocTshpLbq4K9PWtgZOp9qy3+xX8qWJMZxeR80vnp29wAv9+Kc2jtSaeW79jfOLZzGVJ6fRLrBwQL0JMP5U4T8thMK5EbrV57svkH8AfmRQP8EMA/kSAFbRJO3c/2gK6cEucMuNsQFBxzgER/2BXaYvt6TC94otrmhvSjD9/f5HNp1eGvp1t0maxZQqnSoYa/WJBDgDihu5gRxXnhtSKgKjYfzMbit166krZf//Z";

    private const string Signed =
        "/0//UQApAAAAAAAgAAAAIAAAAAAAAAAAAAAAIAAAACAAAAAAAAAAAAABjwEB/1IADAAAAAEAAgQEAAH/XAAKQICIiJCIiJD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAEuAAH/k8H+FYAQ/3dVGQdoDRrJY1mguMO9CurVWEWmAhqCOoNcafvZa5OKdIpZ6rIwLcYvaDpsMDaN9iYIp+g8y+ygFgcoeF9xxeh0OBAqyupsA1NI/d2nRGPXmmmfucAfmRQA/AfgA/AVDG0sv/ckvTJmk0TwvRs1bFSf380J/3mTG2o97MNoGW+75heR80vnp29wAv9+Kc2jtSaeW79jwjV+Kx/qPMWMvj0QL0JMP5U4T8thMKzUbjic/MsONQPAH5k0D/BFAP5EgBW0STt3P9oCunBLnDLjbEBNslABZEpD/4A2h/4WPxTacVrcJ+9OG9KMP39/kc2nV4be3HTr4wZ9GFXF9EOlxxS/bRhNYPbwnxXnhtSKgKjYfwoXCDwOqVuQv//Z";

    [Fact]
    public void Overlay_planes_in_unused_bits_are_masked_and_said()
    {
        NativeLibraries.Require("openjpeg");
        var file = Case("openjpeg u16");
        using var all = Decode(file).Pixels!;
        var overlaid = new DicomBytes();
        for (var plane = 0; plane < 4; plane++)
        {
            overlaid.Words(DicomTags.OverlayBitsAllocated(plane), "US", 16)
                .Words(DicomTags.OverlayBitPosition(plane), "US", (ushort)(12 + plane));
        }

        file = BeforePixels(WithBitsStored(file, 12), overlaid.ToArray());
        foreach (var side in (int[])[0, 8])
        {
            // Means of bits are none: such films keep their resolution.
            var decoded = Decode(file, side);
            using var pixels = decoded.Pixels!;
            Assert.Equal((true, false, 12, 0), (decoded.HadOverlayBits, decoded.HadMoreBits, pixels.BitsStored, pixels.Reduction.Levels));
            Assert.Equal(all.Samples<ushort>().ToArray().Select(sample => (ushort)(sample & 0xFFF)), pixels.Samples<ushort>().ToArray());
        }
    }

    [Fact]
    public void What_rings_above_Bits_Stored_is_clamped()
    {
        NativeLibraries.Require("openjpeg");
        var decoded = Decode(Film(TransferSyntaxes.Jpeg2000, Unsigned, isSigned: false));
        using var pixels = decoded.Pixels!;
        Assert.Equal((false, 12), (decoded.HadMoreBits, pixels.BitsStored));
        for (var i = 0; i < pixels.SampleCount; i++)
            Assert.Equal(i is 100 or 500 or 700 ? 4095 : 100 * (i % Side) + 30 * (i / Side), pixels.Samples<ushort>()[i]);

        var signed = Decode(Film(TransferSyntaxes.Jpeg2000, Signed, isSigned: true));
        using var values = signed.Pixels!;
        Assert.Equal((false, 12), (signed.HadMoreBits, values.BitsStored));
        for (var i = 0; i < values.SampleCount; i++)
            Assert.Equal(i is 100 or 500 or 700 ? 2047 : 100 * (i % Side) + 30 * (i / Side) - 2048, values.Samples<short>()[i]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lossless_stream_does_not_ring_so_few_samples_above_are_more_bits_or_no_film(bool isSigned)
    {
        NativeLibraries.Require("openjpeg");
        var decoded = Decode(Film(TransferSyntaxes.Jpeg2000Lossless, isSigned ? Signed : Unsigned, isSigned));
        using var pixels = decoded.Pixels;
        if (decoded.Reason == Reason.ImplausiblePixels) Assert.Equal("samples outside bits_stored=12", decoded.Detail);
        else Assert.True(decoded.HadMoreBits);
    }

    [Fact]
    public void A_film_of_12_bits_that_says_10_is_read_with_all_of_them_also_where_the_syntax_may_be_lossy_and_resolution_is_left_out()
    {
        NativeLibraries.Require("openjpeg");
        var file = Case("openjpeg u12; Bits Stored says 10");
        var lossy = WithSyntax(file, TransferSyntaxes.Jpeg2000Lossless, TransferSyntaxes.Jpeg2000);
        foreach (var (some, side) in ((byte[], int)[])[(file, 0), (lossy, 0), (file, 8), (lossy, 8)])
        {
            var decoded = Decode(some, side);
            using var pixels = decoded.Pixels!;
            Assert.Equal((true, 12, side > 0), (decoded.HadMoreBits, pixels.BitsStored, pixels.Reduction.Levels > 0));
        }
    }

    private static DecodeOutcome Decode(byte[] file, int leastSide = 0)
    {
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        return FrameDecoder.Decode(file, dataset, 1, new() { LeastSide = leastSide }, new PixelBufferPool());
    }

    private static byte[] Film(string syntax, string stream, bool isSigned)
    {
        var bytes = Convert.FromBase64String(stream);
        return DicomBytes.File(syntax).ImagePixel(Side, Side, 16, 12, isSigned)
            .Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 0)
            .Raw(0xFFFE, 0xE000, (uint)bytes.Length, bytes).Raw(0xFFFE, 0xE0DD, 0).ToArray();
    }

    private static byte[] Case(string name) =>
        Convert.FromBase64String(OracleFile.Read("native-cases.csv.gz").Single(line => line[0] == name)[2]);

    private static byte[] WithSyntax(byte[] file, string from, string to)
    {
        Assert.Equal(from.Length, to.Length);
        var copy = file.ToArray();
        Encoding.ASCII.GetBytes(to, copy.AsSpan(copy.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from))));
        return copy;
    }

    private static byte[] WithBitsStored(byte[] file, ushort bits)
    {
        var copy = file.ToArray();
        foreach (var (element, value) in ((byte, ushort)[])[(1, bits), (2, (ushort)(bits - 1))])
        {
            var at = copy.AsSpan().IndexOf((byte[])[0x28, 0, element, 1, (byte)'U', (byte)'S', 2, 0]);
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(at + 8), value);
        }

        return copy;
    }

    private static byte[] BeforePixels(byte[] file, byte[] elements)
    {
        var at = file.AsSpan().LastIndexOf((byte[])[0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B']);
        return [.. file[..at], .. elements, .. file[at..]];
    }
}
