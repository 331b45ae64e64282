using System.Buffers.Binary;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>JPEG streams of DCMTK's and libjpeg's, broken in one place: JpegLibrary would fill up what is not there.</summary>
public sealed class JpegTests
{
    private static readonly string[] Streams =
    [
        "jpeg dcmcjpeg +eb 8 bits 33x29", "jpeg dcmcjpeg +ee 12 bits 33x29", "jpeg dcmcjpeg +ep 12 bits 33x29",
        "jpeg dcmcjpeg +es 8 bits 33x29", "jpeg libjpeg restart every 5 blocks", "jpeg libjpeg restart every 7 blocks",
        "jpeg libjpeg progressive restart every 5 blocks",
        "jpeg libjpeg progressive", "jpeg libjpeg 4:2:0",
    ];

    [Fact]
    public void Each_broken_marker_segment_is_corrupt_pixel_data_at_its_byte()
    {
        (string Film, string What, byte Marker, int Byte, byte Value)[] faults =
        [
            (Streams[0], "rows that disagree with the header", 0xC0, 6, 200),
            (Streams[0], "columns that disagree", 0xC0, 8, 200),
            (Streams[0], "precision that baseline has not", 0xC0, 4, 12),
            (Streams[1], "precision that JPEG has not", 0xC1, 4, 10),
            (Streams[0], "three components", 0xC0, 9, 3),
            (Streams[8], "a sampling factor of 3", 0xC0, 11, 0x32),
            (Streams[8], "two components of one name", 0xC0, 13, 1),
            (Streams[0], "a frame header of length 1", 0xC0, 3, 1),
            (Streams[0], "an arithmetic process", 0xC0, 1, 0xC9),
            (Streams[0], "a Huffman table of more codes than there can be", 0xC4, 5, 255),
            (Streams[0], "a table in no slot", 0xC4, 4, 7),
            (Streams[0], "a category above 16", 0xC4, 21, 200),
            (Streams[0], "a quantization table in no slot", 0xDB, 4, 9),
            (Streams[0], "a quantization table that was not defined", 0xC0, 12, 3),
            (Streams[0], "a component that the frame has not", 0xDA, 5, 99),
            (Streams[0], "a table that was not defined", 0xDA, 6, 0x33),
            (Streams[2], "a spectral selection beyond the block", 0xDA, 8, 64),
            (Streams[2], "a bit position beyond the sample", 0xDA, 9, 0x0F),
            (Streams[2], "a refinement of what was not sent", 0xDA, 9, 0x21),
            (Streams[4], "another restart interval than the stream's", 0xDD, 5, 4),
            (Streams[4], "no restart interval", 0xDD, 5, 0),
        ];
        foreach (var (name, what, marker, at, value) in faults)
        {
            var copy = Film(name);
            var segment = Find(copy, marker);
            Assert.True(copy[segment + at] != value, what);
            copy[segment + at] = value;
            var film = DicomFiles.Decode(copy);
            Assert.True(film.Reason == Reason.CorruptPixelData && film.Offset > 0 && film.Detail is not null, $"{what}: {film}");
        }
    }

    [Fact]
    public void A_stream_cut_anywhere_is_all_there_or_no_film()
    {
        foreach (var name in Streams)
        {
            var file = Film(name);
            var whole = CompressedCasesTests.Decode(file).Pixels;
            var (before, stream) = Split(file);
            for (var length = 0; length < stream.Length; length++)
            {
                // With a whole fragment, so that only the stream itself can tell; with an end of image, as a careless writer leaves it.
                foreach (byte[] end in (byte[][])[[], [0xFF, 0xD9]])
                {
                    var (reason, detail, _, pixels) = CompressedCasesTests.Decode(Join(before, [.. stream.AsSpan(0, length), .. end]));
                    if (reason != Reason.None) continue;

                    // The last code may be whole with the ones that are read behind the end: its block, and no other, may differ.
                    var differing = pixels.Zip(whole).Count(pair => pair.First != pair.Second);
                    Assert.True(length > stream.Length - 6 && differing <= 64, $"{name} cut to {length} of {stream.Length}: {differing} differ, {detail}");
                }
            }
        }
    }

    [Fact]
    public void An_end_of_image_where_a_restart_was_due_is_no_end()
    {
        // JpegLibrary returns there and leaves the rest of the picture as it was in memory.
        foreach (var name in Streams.Where(name => name.Contains("restart", StringComparison.Ordinal)))
        {
            var file = Film(name);
            var restart = Find(file, 0xD2);
            file[restart + 1] = 0xD9;
            Assert.Equal(Reason.CorruptPixelData, DicomFiles.Decode(file).Reason);
        }
    }

    [Fact]
    public void A_progressive_picture_without_its_last_scans_is_no_film()
    {
        var (before, stream) = Split(Film("jpeg libjpeg progressive"));
        var scan = -1;
        for (var at = 0; at + 1 < stream.Length; at++)
        {
            if (stream[at] != 0xFF || stream[at + 1] is not (0xC4 or 0xDA)) continue;
            if (scan >= 0)
                Assert.Equal(Reason.CorruptPixelData, DicomFiles.Decode(Join(before, [.. stream.AsSpan(0, at), 0xFF, 0xD9])).Reason);
            if (stream[at + 1] == 0xDA) scan = at;
        }

        Assert.True(scan > 0);
    }

    [Fact]
    public void Bytes_that_no_block_took_mean_that_the_place_was_lost()
    {
        var (before, stream) = Split(Film(Streams[0]));
        byte[] longer = [.. stream.AsSpan(0, stream.AsSpan().LastIndexOf((byte[])[0xFF, 0xD9])), .. Enumerable.Repeat((byte)0x55, 200), 0xFF, 0xD9];
        var film = DicomFiles.Decode(Join(before, longer));
        Assert.Equal((Reason.CorruptPixelData, "data behind the last block"), (film.Reason, film.Detail));
    }

    [Fact]
    public void A_table_that_uses_the_code_of_ones_must_not_fill_up_what_is_missing()
    {
        // One symbol of one bit each: 0 is code 0, and with two symbols the other is code 1: ones without end.
        var (before, stream) = Split(Film(Streams[0]));
        var table = stream.AsSpan().IndexOf((byte[])[0xFF, 0xC4]);
        byte[] two = [0xFF, 0xC4, 0, 21, 0x10, 2, .. new byte[15], 0x01, 0x00];
        var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(table + 2));
        var film = DicomFiles.Decode(Join(before, [.. stream.AsSpan(0, table), .. two, .. stream.AsSpan(table + length)]));
        Assert.Equal((Reason.CorruptPixelData, "a Huffman table that uses the code of ones"), (film.Reason, film.Detail));
    }

    [Fact]
    public void Mutated_streams_neither_throw_nor_read_beyond_their_memory()
    {
        var random = new Random(19920918);
        foreach (var name in Streams)
        {
            var file = Film(name);
            var start = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
            for (var round = 0; round < 300; round++)
            {
                var copy = file.ToArray();
                for (var i = 0; i <= random.Next(4); i++)
                {
                    var at = random.Next(3) == 0 ? random.Next(start, copy.Length) : random.Next(start, Math.Min(copy.Length, start + 700));
                    copy[at] = random.Next(3) switch { 0 => 0xFF, 1 => (byte)(copy[at] ^ 1 << random.Next(8)), _ => (byte)random.Next(256) };
                }

                var (reason, detail, _, pixels) = CompressedCasesTests.Decode(copy);
                Assert.True(reason != Reason.None ? detail is not null || reason == Reason.TruncatedPixelData : pixels.Length > 0);
            }
        }
    }

    [Fact]
    public void Memory_that_JpegLibrary_keeps_is_taken_back_and_what_it_gave_back_is_not_taken_twice()
    {
        using var pool = new PixelBufferPool();
        using var memory = new PooledMemory();
        memory.Use(pool);
        using (memory.Rent(100)) { }
        using var ofAnother = pool.Rent(100); // the very buffer
        memory.Release();
        using var next = pool.Rent(100);
        Assert.NotEqual(ofAnother.Address, next.Address);

        memory.Use(pool);
        var kept = memory.Rent(200_000);
        nint address;
        unsafe
        {
            fixed (byte* first = kept.Memory.Span) address = (nint)first;
        }

        memory.Release();
        using var again = pool.Rent(200_000);
        Assert.Equal(address, again.Address);
    }

    private static byte[] Film(string name) =>
        Convert.FromBase64String(OracleFile.Read("compressed-cases.csv.gz").Single(line => line[0] == name)[3]);

    // First byte of the marker, behind the start of image.
    private static int Find(byte[] file, byte marker)
    {
        var start = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
        var at = file.AsSpan(start).IndexOf((byte[])[0xFF, marker]);
        Assert.True(at > 0);
        return start + at;
    }

    // A file of one fragment: what is before the fragment's length, and the stream without its padding.
    private static (byte[] Before, byte[] Stream) Split(byte[] file)
    {
        var start = file.AsSpan().LastIndexOf((byte[])[0xFF, 0xD8, 0xFF]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start - 4));
        var stream = file.AsSpan(start, length);
        return (file[..(start - 4)], stream[..(stream.LastIndexOf((byte[])[0xFF, 0xD9]) + 2)].ToArray());
    }

    private static byte[] Join(byte[] before, byte[] stream)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, stream.Length);
        return [.. before, .. length, .. stream];
    }
}
