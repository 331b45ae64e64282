using System.Security.Cryptography;
using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>Codestreams by CharLS (Oracle/make_jpeg_ls_cases.py): whole, cut, and broken in one place.</summary>
public sealed class JpegLsTests
{
    private sealed record Case(string Name, int Rows, int Columns, int Bits, string Sha256, byte[] Stream)
    {
        public ImagePixelDescription Description { get; } =
            new(Rows, Columns, 1, Bits <= 8 ? 8 : 16, Bits, Bits - 1, false, 0, "MONOCHROME2", 1);
    }

    private static readonly Case[] Cases = [.. OracleFile.Read("jpeg-ls-cases.csv.gz").Select(line => new Case(
        line[0], int.Parse(line[1]), int.Parse(line[2]), int.Parse(line[3]), line[4], Convert.FromBase64String(line[5])))];

    [Fact]
    public void Every_stream_decodes_to_the_pixels_that_CharLS_decodes()
    {
        Assert.Equal(211, Cases.Length);
        foreach (var film in Cases)
        {
            var (result, pixels) = Decode(film, film.Stream);
            Assert.True(result.Reason == Reason.None && Hash(film, pixels) == film.Sha256, $"{film.Name}: {result}");
        }
    }

    [Fact]
    public void A_stream_cut_anywhere_before_its_last_bits_is_never_a_film()
    {
        foreach (var film in Cases.Where((_, i) => i % 9 == 0))
        {
            for (var length = 0; length < film.Stream.Length - 2; length += 1 + length / 40)
            {
                var (result, pixels) = Decode(film, film.Stream.AsSpan(0, length));

                // The last byte before the end of image may hold padding alone.
                Assert.True(
                    result.Reason is Reason.TruncatedPixelData or Reason.CorruptPixelData
                    || length == film.Stream.Length - 3 && Hash(film, pixels) == film.Sha256, $"{film.Name} cut to {length}: {result}");
            }
        }
    }

    [Fact]
    public void Broken_streams_decode_twice_to_the_same_or_say_why_not()
    {
        var random = new Random(14495);
        foreach (var film in Cases.Where((_, i) => i % 3 == 0))
        {
            for (var round = 0; round < 40; round++)
            {
                var copy = film.Stream.ToArray();
                for (var i = 0; i <= round % 4; i++) copy[random.Next(copy.Length)] = (byte)random.Next(256);
                var (first, pixels) = Decode(film, copy, 0xAA);
                var (second, again) = Decode(film, copy, 0x55);
                Assert.Equal(first, second);
                if (first.Reason == Reason.None) Assert.Equal(pixels, again);
            }
        }
    }

    [Fact]
    public void Each_broken_marker_segment_is_corrupt_at_its_byte()
    {
        var film = Cases.First(film => film.Name == "film 12 bits");
        (string What, byte Marker, int Byte, byte Value)[] faults =
        [
            ("rows that disagree with the header", 0xF7, 6, 200),
            ("columns that disagree", 0xF7, 8, 200),
            ("precision beyond the cell", 0xF7, 4, 17),
            ("two components", 0xF7, 9, 2),
            ("another process", 0xF7, 1, 0xC3),
            ("a frame header of length 1", 0xF7, 3, 1),
            ("a scan of two components", 0xDA, 4, 2),
            ("NEAR above half of the range", 0xDA, 7, 255),
        ];
        foreach (var (what, marker, at, value) in faults)
        {
            var copy = film.Stream.ToArray();
            var segment = copy.AsSpan().IndexOf((byte[])[0xFF, marker]);
            copy[segment + at] = value;
            if (what.StartsWith("NEAR", StringComparison.Ordinal)) copy[copy.AsSpan().IndexOf((byte[])[0xFF, 0xF7]) + 4] = 2;
            var (result, _) = Decode(film, copy);
            Assert.True(result.Reason == Reason.CorruptPixelData && result.Offset >= 2 && result.Detail is not null, $"{what}: {result}");
        }
    }

    [Theory]
    [InlineData(0xF8, 2, "mapping table or oversize image")]
    [InlineData(0xF8, 1, "MAXVAL")]
    [InlineData(0xDD, 0, "restart interval")]
    public void What_only_another_codec_decodes_is_said_and_not_guessed(byte marker, byte kind, string detail)
    {
        var film = Cases.First(film => film.Name == "film 12 bits");
        byte[] segment = kind == 1 ? [0xFF, marker, 0, 13, kind, 0x0B, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0] : [0xFF, marker, 0, 4, kind, 1];
        var scan = film.Stream.AsSpan().IndexOf((byte[])[0xFF, 0xDA]);
        var (result, _) = Decode(film, [.. film.Stream.AsSpan(0, scan), .. segment, .. film.Stream.AsSpan(scan)]);
        Assert.Equal((Reason.UnsupportedPixelFormat, detail), (result.Reason, result.Detail));
    }

    [Fact]
    public void Signed_samples_are_hashed_as_coded_and_shown_with_their_sign()
    {
        // 15 bits signed, by pydicom 3; without the sign, as GDCM and DCMTK give it, the picture has cliffs where values pass 0.
        var file = File.ReadAllBytes(SharedFolder.Require("data", "dicom", "jls80_signed15.dcm"));
        var dataset = new DicomDataset();
        Assert.Equal(ParseStatus.Ok, DicomReader.Parse(file, isWholeFile: true, dataset).Status);
        using var pool = new PixelBufferPool();
        var decoded = FrameDecoder.Decode(file, dataset, 1, DecodeSettings.Exact, pool);
        using var pixels = decoded.Pixels!;
        Assert.True(decoded.LacksSign);
        var coded = pixels.Samples<short>().ToArray();
        pixels.ExtendSign();
        var shown = pixels.Samples<short>().ToArray();
        Assert.Equal((7, 32760), (coded.Min(), coded.Max()));
        Assert.Equal((-16384, 16383), (shown.Min(), shown.Max()));
        Assert.True(Steps(shown) < Steps(coded) / 2);

        static double Steps(short[] samples) => samples.Zip(samples.Skip(1), (a, b) => Math.Abs(a - b)).Average();
    }

    private static (CodecResult Result, byte[] Pixels) Decode(Case film, ReadOnlySpan<byte> stream, byte fill = 0)
    {
        using var pool = new PixelBufferPool();
        var target = new byte[film.Description.SampleCount * film.Description.BytesPerSample];
        target.AsSpan().Fill(fill);
        return (JpegLsCodec.Decode(stream, film.Description, target, pool), target);
    }

    private static string Hash(Case film, byte[] pixels)
    {
        var words = new byte[2 * film.Description.SampleCount];
        if (film.Description.BytesPerSample == 2) words = pixels;
        else for (var i = 0; i < pixels.Length; i++) words[2 * i] = pixels[i];
        return Convert.ToHexStringLower(SHA256.HashData(words));
    }
}
