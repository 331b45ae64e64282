using System.Buffers.Binary;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom.Codecs;

/// <summary>Streams that are broken: a reason, or all of the pixels; never memory that nobody wrote.</summary>
public sealed class DamagedStreamsTests
{
    [Theory]
    [InlineData("charls", "charls RGB ")] // one component is ours: JpegLsTests
    [InlineData("openjpeg", "openjpeg ")]
    [InlineData("libjxl", "libjxl ")]
    public void A_stream_that_is_cut_in_a_whole_fragment_gives_all_its_pixels_or_none(string decoder, string cases)
    {
        NativeLibraries.Require(decoder);
        using var codecs = new NativeCodecs(new() { FilmTime = TimeSpan.FromSeconds(2) });
        var settings = NativeLibraries.In(codecs);
        var faults = new List<string>();
        foreach (var (name, file, sha256) in Cases(cases).Where((_, i) => i % 4 == 0))
        {
            var stream = Codestream(file, out var head);
            var film = DicomFiles.Decode(file, settings);
            Assert.Equal(decoder, film.Decoder);
            var whole = film.Sha256;
            for (var length = 0; length < stream.Length - 2; length += Math.Max(1, stream.Length / 25))
            {
                // Every other one with its end marker put back.
                var cut = Encapsulated(head, length % 2 == 0 ? stream.AsSpan(0, length) : [.. stream[..length], 0xFF, 0xD9]);
                film = DicomFiles.Decode(cut, settings);
                if (film.Reason == Reason.DecoderTimeout) film = DicomFiles.Decode(cut, settings); // a busy machine is slow by itself
                if (film.Reason == Reason.None && film.Sha256 != whole) faults.Add($"{name} cut to {length} of {stream.Length}: {film}");
                if (film.Reason is not (Reason.None or Reason.TruncatedPixelData or Reason.CorruptPixelData or Reason.MissingFrame)) faults.Add($"{name} cut to {length}: {film}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    /// <summary>glibc fills what malloc gives with one value in one process and with another in the other: pixels that differ were never written.</summary>
    [Theory]
    [InlineData("charls", "charls RGB ")]
    [InlineData("openjpeg", "openjpeg ")]
    [InlineData("libjxl", "libjxl ")]
    public void Damage_never_shows_memory_that_was_not_written(string decoder, string cases)
    {
        NativeLibraries.Require(decoder);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "MALLOC_PERTURB_ is glibc's");
        using var ones = new NativeCodecs(new() { Environment = ["MALLOC_PERTURB_=90"] });
        using var others = new NativeCodecs(new() { Environment = ["MALLOC_PERTURB_=165"] });
        var random = new Random(20070621);
        var (faults, decoded) = (new List<string>(), 0);
        foreach (var (name, file, _) in Cases(cases))
        {
            var stream = Codestream(file, out var head);
            for (var round = 0; round < 6; round++)
            {
                var copy = stream.ToArray();
                for (var i = random.Next(4); i >= 0; i--)
                {
                    // Half of the changes behind the headers: those are what decoders notice least.
                    var at = random.Next(random.Next(2) == 0 ? Math.Min(copy.Length, 120) : copy.Length);
                    copy[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)(copy[at] ^ 1 << random.Next(8)) };
                }

                var damaged = Encapsulated(head, copy);
                var (one, other) = (DicomFiles.Decode(damaged, NativeLibraries.In(ones)), DicomFiles.Decode(damaged, NativeLibraries.In(others)));
                if (one.Reason == Reason.None) decoded++;
                if (one.Reason != other.Reason || one.Sha256 != other.Sha256) faults.Add($"{name}, round {round}: {one} and {other}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(decoded > 0);
    }

    [Fact]
    public void Codestreams_that_are_not_what_the_header_says_are_refused_before_a_library_sees_them()
    {
        // No library is needed: nothing of this reaches one.
        using var codecs = new NativeCodecs(new() { DecoderPath = "/nowhere" });
        foreach (var (decoder, rows, columns, components, other, precision) in (ReadOnlySpan<(string, int, int, int, byte, int)>)
            [("openjpeg u12", 12, 8, 41, 3, 42), ("charls RGB u8 +il", 5, 7, 9, 1, 4)])
        {
            var (_, file, _) = Cases("").Single(film => film.Name == decoder);
            var stream = Codestream(file, out var head);
            var frame = decoder[0] == 'c' ? stream.AsSpan().IndexOf((byte[])[0xFF, 0xF7]) : 0;
            foreach (var (at, value) in (ReadOnlySpan<(int, byte)>)[(rows, 0x40), (columns, 0x40), (components, other), (precision, 30)])
            {
                var copy = stream.ToArray();
                copy[frame + at] = value;
                var film = DicomFiles.Decode(Encapsulated(head, copy), NativeLibraries.In(codecs));
                Assert.True(film.Reason == Reason.CorruptPixelData && film.Detail is not null, $"{decoder} {at}: {film}");
            }

            foreach (var length in (ReadOnlySpan<int>)[0, 1, 3, 10])
            {
                var film = DicomFiles.Decode(Encapsulated(head, stream.AsSpan(0, length)), NativeLibraries.In(codecs));
                Assert.True(film.Reason is Reason.TruncatedPixelData or Reason.CorruptPixelData or Reason.MissingFrame, $"{decoder} {length}: {film}");
            }
        }
    }

    private static IEnumerable<(string Name, byte[] File, string Sha256)> Cases(string beginning) => OracleFile.Read("native-cases.csv.gz")
        .Where(line => line[0].StartsWith(beginning, StringComparison.Ordinal)).Select(line => (line[0], Convert.FromBase64String(line[2]), line[1]));

    /// <summary>The only fragment; in <paramref name="head"/> what stands before it, with the (empty) offset table.</summary>
    private static byte[] Codestream(byte[] file, out byte[] head)
    {
        var table = file.AsSpan().IndexOf((byte[])[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) + 12;
        var at = table + 8 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(table + 4));
        head = file[..at];
        return file.AsSpan(at + 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4))).ToArray();
    }

    private static byte[] Encapsulated(byte[] head, ReadOnlySpan<byte> stream)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, stream.Length);
        return [.. head, 0xFE, 0xFF, 0x00, 0xE0, .. length, .. stream, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
    }
}
