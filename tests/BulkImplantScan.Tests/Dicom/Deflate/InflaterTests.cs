using System.IO.Compression;
using BulkImplantScan.Dicom.Deflate;
using CsCheck;

namespace BulkImplantScan.Tests.Dicom.Deflate;

/// <summary>The oracle is .NET's DeflateStream (zlib): the same bytes, and where a stream is broken the same place and verdict.</summary>
public sealed class InflaterTests
{
    private const byte Untouched = 0xA5;

    private static readonly Gen<byte[]> Data = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 200_000], Gen.Int, Made);

    [Fact]
    public void Whatever_was_deflated_comes_back_however_it_is_asked_for() =>
        Gen.Select(Data, Gen.Enum<CompressionLevel>(), Gen.Int[0, 300], Gen.Int)
            .Sample((data, level, first, seed) =>
            {
                var stream = Deflated(data, level);
                var whole = Inflated(stream, data.Length, first);
                Assert.Equal((InflateStatus.Full, data.Length), (whole.Status, whole.Bytes.Length));
                Assert.True(data.AsSpan().SequenceEqual(whole.Bytes));
                var more = Inflated(stream, data.Length + 1, first);
                Assert.Equal((InflateStatus.Ended, data.Length), (more.Status, more.Bytes.Length));

                // Piece by piece, into ever larger buffers, as the reader of a deflated data set does it.
                var random = new Random(seed);
                var inflater = new Inflater([.. stream, .. "behind the end"u8], new(), 0);
                var buffer = Array.Empty<byte>();
                var status = InflateStatus.Full;
                while (status == InflateStatus.Full)
                {
                    Array.Resize(ref buffer, buffer.Length + 1 + (int)Math.Pow(2, 18 * random.NextDouble()));
                    status = inflater.Inflate(buffer);
                }

                Assert.Equal((InflateStatus.Ended, data.Length), (status, inflater.Written));
                Assert.True(data.AsSpan().SequenceEqual(buffer.AsSpan(0, data.Length)));
            }, iter: 400);

    [Fact]
    public void A_stream_cut_at_any_byte_gives_what_zlib_gives_and_is_never_whole()
    {
        for (var kind = 0; kind <= 7; kind++)
        {
            foreach (var level in Enum.GetValues<CompressionLevel>())
            {
                var data = Made(kind, 700, 11 * kind);
                var stream = Deflated(data, level);
                for (var cut = 0; cut < stream.Length; cut++)
                {
                    var ours = Inflated(stream.AsSpan(0, cut), data.Length + 1, 3);
                    Assert.True(ours.Status == InflateStatus.Truncated, $"kind {kind}, {level}, cut at {cut} of {stream.Length}: {ours.Status}");
                    AssertAsZlib(stream.AsSpan(0, cut), ours, data.Length + 1);
                }
            }
        }
    }

    [Fact]
    public void A_damaged_stream_breaks_where_zlib_says_and_writes_nothing_outside() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 6000], Gen.Int, Gen.Enum<CompressionLevel>())
            .Sample((kind, length, seed, level) =>
            {
                var data = Made(kind, length, seed);
                var stream = Deflated(data, level);
                var random = new Random(seed);
                for (var edit = random.Next(4); edit >= 0 && stream.Length > 0; edit--)
                {
                    // Half of them in the first bytes, where the codes are.
                    var at = random.Next(random.Next(2) == 0 ? Math.Min(stream.Length, 80) : stream.Length);
                    stream[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(stream[at] ^ 1 << random.Next(8));
                }

                AssertAsZlib(stream, Inflated(stream, 2 * length + 500, 0), 2 * length + 500);
            }, iter: 4000);

    [Fact]
    public void Noise_is_as_corrupt_as_zlib_says() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 3]).Sample((noise, type) =>
        {
            if (noise.Length > 0) noise[0] = (byte)(noise[0] & ~6 | type << 1);
            AssertAsZlib(noise, Inflated(noise, 100_000, 0), 100_000);
        }, iter: 20_000);

    [Fact]
    public void Bytes_beyond_the_output_are_counted_and_go_nowhere()
    {
        foreach (var kind in (int[])[0, 1, 2, 5])
        {
            var data = Made(kind, 5000, 1);
            foreach (var level in Enum.GetValues<CompressionLevel>())
            {
                var stream = Deflated(data, level);
                foreach (var (room, beyond, status, written) in new[]
                {
                    (4998, 2, InflateStatus.Full, 5000), (4999, 2, InflateStatus.Ended, 5000), (5000, 2, InflateStatus.Ended, 5000),
                    (0, 2, InflateStatus.Full, 2), (10, 5000, InflateStatus.Ended, 5000),
                })
                {
                    var output = new byte[room];
                    var inflater = new Inflater(stream, new(), 0);
                    Assert.Equal((status, written), (inflater.Inflate(output, beyond), inflater.Written));
                    Assert.True(data.AsSpan(0, room).SequenceEqual(output));
                }
            }
        }
    }

    public static TheoryData<string, string> BrokenBlocks => new()
    {
        { "type 3", "Corrupt" },
        { "stored length that is not said twice", "Corrupt" },
        { "287 literals", "Corrupt" },
        { "31 distances", "Corrupt" },
        { "code space given twice", "Corrupt" },
        { "code space left over", "Corrupt" },
        { "distances with code space given twice", "Corrupt" },
        { "distances with code space left over", "Corrupt" },
        { "no end of block", "Corrupt" },
        { "no code of lengths", "Corrupt" },
        { "code of lengths of a single bit", "Corrupt" },
        { "repeats before the first length", "Corrupt" },
        { "repeats beyond the last length", "Corrupt" },
        { "one distance of one bit", "Ended" },
        { "the other bit of a distance of one bit", "Corrupt" },
        { "no distance and no match", "Ended" },
        { "no distance but a match", "Corrupt" },
        { "end of block of one bit alone", "Ended" },
        { "the other bit of an end of block alone", "Corrupt" },
        { "fixed length symbol 286", "Corrupt" },
        { "fixed distance symbol 30", "Corrupt" },
        { "distance before the first byte", "Corrupt" },
        { "distance of the first byte", "Ended" },
    };

    [Theory]
    [MemberData(nameof(BrokenBlocks))]
    public void Blocks_made_by_hand_are_what_zlib_takes_them_for(string name, string expected)
    {
        (int, int)[] codes = [(65, 2), (66, 2), (256, 2), (257, 2)]; // A 00, B 01, end 10, three bytes 11
        var bits = new DeflateBits();
        bits = name switch
        {
            "type 3" => bits.Bits(7, 3),
            "stored length that is not said twice" => bits.Bits(1, 8).Bits(1, 16).Bits(1, 16),
            "287 literals" => bits.Bits(5, 3).Bits(30, 5).Bits(0, 9),
            "31 distances" => bits.Bits(5, 3).Bits(0, 5).Bits(30, 5).Bits(0, 4),
            "code space given twice" => bits.Codes(true, [.. codes, (67, 2)], [(0, 1)]),
            "code space left over" => bits.Codes(true, codes[..3], [(0, 1)]),
            "distances with code space given twice" => bits.Codes(true, codes, [(0, 1), (1, 1), (2, 1)]),
            "distances with code space left over" => bits.Codes(true, codes, [(0, 2), (1, 2)]),
            "no end of block" => bits.Codes(true, [(65, 1), (66, 1)], [(0, 1)]),
            "no code of lengths" => Enumerable.Range(0, 300).Aggregate(bits.Bits(5, 3).Bits(0, 14).Bits(0, 12), (zeros, _) => zeros.Bits(0, 1)),
            "code of lengths of a single bit" => bits.Bits(5, 3).Bits(0, 14).Bits(1, 12),
            "repeats before the first length" => bits.Bits(5, 3).Bits(0, 14).Bits(1, 3).Bits(1, 3).Bits(0, 6).Bits(0, 1),
            "repeats beyond the last length" => bits.Bits(5, 3).Bits(0, 14).Bits(0, 6).Bits(1, 3).Bits(1, 3).Bits(0xFFFF, 16).Bits(0xFFFF, 16),
            "one distance of one bit" => bits.Codes(true, codes, [(0, 1)]).Code(0, 2).Code(3, 2).Code(0, 1).Code(2, 2),
            "the other bit of a distance of one bit" => bits.Codes(true, codes, [(0, 1)]).Code(0, 2).Code(3, 2).Code(1, 1).Code(2, 2),
            "no distance and no match" => bits.Codes(true, codes, []).Code(0, 2).Code(1, 2).Code(2, 2),
            "no distance but a match" => bits.Codes(true, codes, []).Code(0, 2).Code(3, 2).Code(0, 1),
            "end of block of one bit alone" => bits.Codes(true, [(256, 1)], [(0, 1)]).Code(0, 1),
            "the other bit of an end of block alone" => bits.Codes(true, [(256, 1)], [(0, 1)]).Code(1, 1),
            "fixed length symbol 286" => bits.Bits(3, 3).Code(0x30, 8).Code(0xC6, 8).Bits(0, 20),
            "fixed distance symbol 30" => bits.Bits(3, 3).Code(0x30, 8).Code(1, 7).Code(30, 5).Bits(0, 20),
            "distance before the first byte" => bits.Bits(3, 3).Code(0x30, 8).Code(1, 7).Code(1, 5).Code(0, 7),
            "distance of the first byte" => bits.Bits(3, 3).Code(0x30, 8).Code(1, 7).Code(0, 5).Code(0, 7),
            _ => throw new ArgumentException(name),
        };
        var stream = bits.ToArray();
        var ours = Inflated(stream, 1000, 7);
        Assert.Equal(expected, ours.Status.ToString());
        AssertAsZlib(stream, ours, 1000);
    }

    [Fact]
    public void A_distance_never_reaches_before_the_streams_own_bytes_even_in_the_fast_loop()
    {
        // 2000 literals put the loop of steps to work; then each distance up to the first byte, and one beyond.
        foreach (var isBeyond in (bool[])[false, true])
        {
            var bits = new DeflateBits().Bits(3, 3);
            for (var i = 0; i < 2000; i++) bits.Code(0x30 + i % 100, 8);
            bits.Code(1, 7).Code(21, 5).Bits(2000 - 1537 + (isBeyond ? 1 : 0), 9); // three bytes from 2000 or 2001 back
            for (var i = 0; i < 2000; i++) bits.Code(0x30, 8);
            var ours = Inflated(bits.Code(0, 7).ToArray(), 10_000, 50);
            Assert.Equal(isBeyond ? (InflateStatus.Corrupt, 2000) : (InflateStatus.Ended, 4003), (ours.Status, ours.Bytes.Length));
            if (!isBeyond) Assert.Equal([0, 1, 2], ours.Bytes[2000..2003]);
        }
    }

    [Fact]
    public void Blocks_without_a_byte_are_passed_over_however_many_there_are()
    {
        var bits = new DeflateBits();
        for (var i = 0; i < 30_000; i++)
        {
            bits.Bits(2, 3).Code(0, 7);
            if (i % 100 == 0) bits.Codes(false, [(256, 1)], []).Code(0, 1);
        }

        var stream = bits.Bits(3, 3).Code(0x31, 8).Code(0, 7).ToArray();
        var ours = Inflated(stream, 10, 0);
        Assert.Equal(InflateStatus.Ended, ours.Status);
        Assert.Equal([1], ours.Bytes);
    }

    private static void AssertAsZlib(ReadOnlySpan<byte> stream, (InflateStatus Status, byte[] Bytes) ours, int room)
    {
        var zlibs = new List<byte>();
        var isCorrupt = false;
        using var deflate = new DeflateStream(new MemoryStream(stream.ToArray()), CompressionMode.Decompress);
        try
        {
            // One by one: what a call had inflated when it came to a fault would be lost.
            Span<byte> one = stackalloc byte[1];
            while (zlibs.Count < room && deflate.Read(one) == 1) zlibs.Add(one[0]);
        }
        catch (InvalidDataException)
        {
            isCorrupt = true;
        }

        // zlib looks at the symbol behind the last byte that is asked for. When that is the fault, the byte is lost with the call.
        var isLost = isCorrupt && ours.Bytes.Length == zlibs.Count + 1;
        Assert.Equal(zlibs.Count, ours.Bytes.Length - (isLost ? 1 : 0));
        Assert.True(zlibs.SequenceEqual(ours.Bytes.Take(zlibs.Count)));
        Assert.Equal(ours.Bytes.Length == room, ours.Status == InflateStatus.Full);
        if (ours.Status != InflateStatus.Full) Assert.Equal(isCorrupt, ours.Status == InflateStatus.Corrupt);
    }

    /// <summary>Inflates into a part of a buffer, the rest of which must stay as it was.</summary>
    private static (InflateStatus Status, byte[] Bytes) Inflated(ReadOnlySpan<byte> stream, int room, int first)
    {
        const int margin = 400;
        var buffer = new byte[first + room + margin];
        buffer.AsSpan().Fill(Untouched);
        var inflater = new Inflater(stream, new(), first);
        var status = inflater.Inflate(buffer.AsSpan(0, first + room));
        Assert.InRange(inflater.Written, first, first + room);
        Assert.True(buffer.AsSpan(0, first).IndexOfAnyExcept(Untouched) < 0);
        Assert.True(buffer.AsSpan(first + room).IndexOfAnyExcept(Untouched) < 0);
        return (status, buffer[first..inflater.Written]);
    }

    private static byte[] Made(int kind, int length, int seed)
    {
        var random = new Random(seed);
        var data = new byte[length];
        switch (kind)
        {
            case 0: // noise: stored
                random.NextBytes(data);
                break;
            case 1: // one value
                data.AsSpan().Fill((byte)seed);
                break;
            case 2: // a film of 12 bits
                for (var i = 0; i < length; i++) data[i] = (byte)(i % 2 == 0 ? random.Next(256) : random.Next(3) + i / 4096);
                break;
            case 3: // runs
                for (var i = 0; i < length;)
                {
                    var run = Math.Min(length - i, 1 + random.Next(600));
                    data.AsSpan(i, run).Fill((byte)random.Next(4));
                    i += run;
                }

                break;
            case 4: // periods: overlapping matches
                for (int i = 0, period = 1; i < length; i++)
                {
                    if (random.Next(300) == 0) period = 1 + random.Next(40);
                    data[i] = i < period || random.Next(200) == 0 ? (byte)random.Next(256) : data[i - period];
                }

                break;
            case 5: // words
                string[] words = ["hip", "knee", "left", "right", "film", "radiograph", "the", "of", "a"];
                var text = System.Text.Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, length / 2 + 1).Select(_ => random.GetItems(words, 1)[0])));
                text.AsSpan(0, length).CopyTo(data);
                break;
            case 6: // far distances
                random.NextBytes(data);
                for (var i = 33_000; i + 300 < length; i += 200 + random.Next(200)) data.AsSpan(i - 32_700 - random.Next(60), 200).CopyTo(data.AsSpan(i));
                break;
            default: // skewed: codes of all lengths
                for (var i = 0; i < length; i++) data[i] = (byte)Math.Min(255, -12 * Math.Log(1 - random.NextDouble()));
                break;
        }

        return data;
    }

    private static byte[] Deflated(ReadOnlySpan<byte> data, CompressionLevel level)
    {
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, level, leaveOpen: true)) deflate.Write(data);
        return bytes.ToArray();
    }
}
