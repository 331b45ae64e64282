using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Tests.Results;
using CsCheck;
using static BulkImplantScan.Tests.Archive.Containers.Boxes;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>Containers made to hurt: each ends, soon and in little memory, with a reason.</summary>
public sealed class HostileContainerTests : IDisposable
{
    private static readonly (string, byte[])[] Files =
        [("a", Text("first")), ("stored", Text("stored")), ("much", Text(new string('x', 3000))), ("noise", Noise(500))];

    private static readonly byte[] Extremes = [0, 1, 0x7F, 0x80, 0xFF];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds => ["zip", "tar", "gz", "zst", "tgz", "7z", "7z-lzma", "7z-ppmd", "7z-plain", "bz2"];

    [Theory, MemberData(nameof(Kinds))]
    public void A_container_cut_anywhere_never_throws_and_never_pretends_to_be_whole(string kind)
    {
        var box = Box(kind);
        var whole = Packed.Lines(box);
        Assert.DoesNotContain(whole, line => line.Contains("DamagedArchive", StringComparison.Ordinal));
        for (var length = ContainerMagic.Of(box) == ContainerFormat.Tar ? 512 : 10; length < box.Length; length += Math.Max(1, box.Length / 150))
        {
            // The zeros at the end of a tar are more than it needs.
            if (kind is "tar" && !box.AsSpan(length - 1).ContainsAnyExcept((byte)0)) break;
            var cut = Packed.Lines(box[..length]);
            Assert.True(cut.Exists(line => line.StartsWith("DamagedArchive", StringComparison.Ordinal)), $"{length} of {box.Length}: {string.Join(", ", cut)}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Bytes_changed_anywhere_never_throw_and_never_go_on_for_ever(string kind)
    {
        var box = Box(kind);
        var limits = ArchiveLimits.Default with { WindowBytes = 32 << 20, HeldBytes = 32 << 20, DirectoryBytes = 1 << 20, FreeContainerBytes = 16 << 20 };
        Gen.Select(Gen.Int[10, box.Length - 1], Gen.Byte, Gen.Int[10, box.Length - 1], Gen.Int[0, 4].Select(i => Extremes[i])).Sample((one, value, other, extreme) =>
        {
            var changed = (byte[])box.Clone();
            changed[one] = value;
            changed[other] = extreme;
            if (ContainerMagic.Of(changed) == ContainerFormat.None) return;
            Assert.True(Packed.Lines(changed, limits).Count <= 64);
        }, iter: 3000, threads: 1);
    }

    [Fact]
    public void A_7z_header_changed_anywhere_under_a_right_crc_never_throws_and_never_takes_memory()
    {
        var box = Box("7z-plain");
        var header = 32 + (int)BinaryPrimitives.ReadInt64LittleEndian(box.AsSpan(12));
        var limits = ArchiveLimits.Default with { WindowBytes = 32 << 20, Members = 1000, FreeContainerBytes = 16 << 20 };
        Gen.Select(Gen.Int[header, box.Length - 1], Gen.Byte, Gen.Int[header, box.Length - 1], Gen.Int[0, 4]).Sample((one, value, other, extreme) =>
        {
            var changed = (byte[])box.Clone();
            changed[one] = value;
            changed[other] = Extremes[extreme];
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(28), Crc32.HashToUInt32(changed.AsSpan(header)));
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(8), Crc32.HashToUInt32(changed.AsSpan(12, 20)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(Packed.Lines(changed, limits).Count <= 64);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200 << 20);
        }, iter: 5000, threads: 1);
    }

    [Fact]
    public void A_tar_header_changed_anywhere_under_a_right_sum_never_throws_and_never_goes_on_for_ever()
    {
        var box = Tar(System.Formats.Tar.TarEntryFormat.Gnu, (new string('n', 200), Text("long")), ("b", Text("second")), ("c", Text("third")));
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 511], Gen.Byte, Gen.Int[100, 160], Gen.Int[0, 4]).Sample((block, one, value, other, extreme) =>
        {
            var changed = (byte[])box.Clone();
            var header = changed.AsSpan(512 * block, 512);
            header[one] = value;
            header[other] = Extremes[extreme];
            WriteSum(header);
            if (ContainerMagic.Of(changed) != ContainerFormat.Tar) return;
            Assert.True(Packed.Lines(changed).Count <= 16);
            Assert.True(Packed.Lines(Gzip(changed)).Count <= 16);
        }, iter: 3000, threads: 1);
    }

    [Fact]
    public void A_member_whose_content_was_changed_fails_by_its_crc_and_the_others_are_read()
    {
        var zip = Zip(Files);
        zip[zip.AsSpan().IndexOf("stored"u8) + 6]++; // its content is its name
        Assert.Equal(["a", "stored: DamagedArchive crc", "much", "noise"], Packed.Lines(zip).Select(line => line.Contains("Damaged", StringComparison.Ordinal) ? line : line[..line.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_zip_of_zeros_is_refused_by_what_it_declares_and_a_black_film_is_not()
    {
        var zeros = Zip(("bomb", new byte[80 << 20]), ("black", new byte[40 << 20]));
        var lines = Packed.Lines(zeros);
        Assert.Equal("bomb: Limits ratio", lines[0]);
        Assert.StartsWith("black: \0", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "noise: DamagedArchive size")]
    [InlineData(0, "noise: DamagedArchive size")]
    public void A_member_that_is_longer_than_declared_is_left_at_once(uint declared, string expected)
    {
        var zip = Zip(("noise", Noise(5000)));
        var entry = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(entry + 24), declared);
        Assert.Equal([expected], Packed.Lines(zip));
    }

    [Fact]
    public void Entries_that_share_data_are_a_bomb()
    {
        // As Fifield 2019: the directory names one local header many times.
        var zip = Zip(("one", Noise(400)), ("two", Noise(400)));
        var entry = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(entry + 42), 0);
        Assert.Equal("Limits overlap", Packed.Lines(zip)[^1]);
    }

    [Fact]
    public void A_gzip_that_never_stops_giving_zeros_is_stopped_by_its_ratio()
    {
        var limits = ArchiveLimits.Default with { FreeContainerBytes = 20 << 20 };
        Assert.Equal(["box: Limits ratio", "Limits ratio"], Packed.Lines(Gzip(new byte[50 << 20]), limits));
        Assert.Equal(["a: Limits ratio", "Limits ratio"], Packed.Lines(Gzip(Tar(("a", new byte[50 << 20]))), limits));
        Assert.Equal(["box: Limits ratio", "Limits ratio"], Packed.Lines(Zstandard(new byte[50 << 20]), limits));
        Assert.Equal(["box: Limits unpacked_bytes", "Limits unpacked_bytes"], Packed.Lines(Gzip(Noise(50_000)), limits with { UnpackedBytes = 40_000 }));
    }

    [Fact]
    public void A_bomb_in_a_bomb_has_no_ratio_of_its_own()
    {
        var limits = ArchiveLimits.Default with { Ratio = 20, FreeContainerBytes = 20_000 };
        var inner = Gzip(Text(string.Concat(Enumerable.Repeat(Encoding.Latin1.GetString(Noise(2000)), 15))));
        var outer = Gzip(Tar([.. Enumerable.Range(0, 12).Select(i => ($"{i}", inner))]));
        Assert.Single(Packed.Lines(inner, limits), line => !line.Contains("Limits", StringComparison.Ordinal));
        Assert.Equal(12, Packed.Lines(outer, limits).Count(line => !line.Contains("Limits", StringComparison.Ordinal)));

        using var pool = new PixelBufferPool();
        using var open = Packed.Open(outer, limits);
        ContainerFault? fault = null;
        while (fault is null && open.Reader.MoveNext())
        {
            using var nested = OpenContainer.In(ContainerFormat.Gzip, open, [], pool, limits, CancellationToken.None, out _);
            while (nested!.Reader.MoveNext()) nested.Reader.SkipRest();
            fault = nested.Reader.Fault;
        }

        Assert.Equal("Limits ratio", $"{fault?.Reason} {fault?.Detail}");
    }

    [Theory]
    [InlineData("77777777777")]
    [InlineData("-0000000001")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("9")]
    public void A_tar_of_an_impossible_size_ends_with_a_reason(string size)
    {
        var tar = Tar(System.Formats.Tar.TarEntryFormat.V7, ("a", Text("first")), ("b", Text("second")));
        var header = tar.AsSpan(0, 512);
        header.Slice(124, 12).Clear();
        Text(size).CopyTo(header[124..]);
        WriteSum(header);
        var lines = Packed.Lines(tar);
        Assert.StartsWith("DamagedArchive", lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("DamagedArchive", Packed.Lines(Gzip(tar))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_of_a_tar_is_not_read_into_memory_beyond_its_limit()
    {
        var tar = Tar(System.Formats.Tar.TarEntryFormat.V7, ("a", new byte[3 << 20]));
        tar[156] = (byte)'L';
        WriteSum(tar.AsSpan(0, 512));
        Assert.Equal(["Limits name"], Packed.Lines(tar));
    }

    [Fact]
    public void More_members_or_a_larger_directory_than_the_limits_are_refused_before_they_are_read()
    {
        var zip = Zip(Enumerable.Range(0, 100).Select(i => ($"{i}", Text("x"))).ToArray());
        Assert.Equal(["Limits members"], Packed.Lines(zip, ArchiveLimits.Default with { Members = 99 }));
        Assert.Equal(["Limits directory_bytes"], Packed.Lines(zip, ArchiveLimits.Default with { DirectoryBytes = 1000 }));
    }

    [Fact]
    public void A_zip64_that_claims_more_entries_than_it_has_bytes_is_damaged()
    {
        Tools.Python(_folder.FullPath,
            """
            import zipfile, struct
            with zipfile.ZipFile('box.zip', 'w') as z:
                for k in range(70000): z.writestr(str(k), b'')
            b = bytearray(open('box.zip', 'rb').read())
            e = b.rindex(b'PK\x06\x06')
            b[e+32:e+40] = struct.pack('<Q', 900000)
            open('box.zip', 'wb').write(b)
            """);
        Assert.Equal(["DamagedArchive directory"], Packed.Lines(File.ReadAllBytes(_folder["box.zip"])));
    }

    [Fact]
    public void A_7z_that_declares_what_no_machine_has_is_refused_before_memory_is_taken()
    {
        // A header that says: two thousand million files.
        Assert.Equal(["Limits members"], Packed.Lines(SevenZip([1, 5, 0xF0, 0xFF, 0xFF, 0xFF, 0x7F, 0])));
        Assert.Equal(["DamagedArchive header"], Packed.Lines(SevenZip([1, 5, 0xC0, 0x40, 0x0F, 0])));

        // One packed block, LZMA with a window of 4 GiB, or unpacked bytes without end.
        byte[] Folder(byte window, params byte[] size) =>
            [1, 4, 6, 0, 1, 9, 4, 0, 7, 11, 1, 0, 1, 0x23, 3, 1, 1, 5, 93, 0, 0, 0, window, 12, .. size, 0, 0, 5, 1, 17, 5, 0, (byte)'a', 0, 0, 0, 0, 0];
        Assert.Equal(["a: Limits window"], Packed.Lines(SevenZip(Folder(0xFF, 10))));
        Assert.StartsWith("a: DamagedArchive", Assert.Single(Packed.Lines(SevenZip(Folder(0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)))), StringComparison.Ordinal);

        // A packed header that unpacks to a terabyte.
        Assert.Equal(["Limits directory_bytes"], Packed.Lines(SevenZip(
            [23, 6, 0, 1, 9, 4, 0, 7, 11, 1, 0, 1, 0x23, 3, 1, 1, 5, 93, 0, 0, 0, 1, 12, 0xFC, 0, 0, 0, 0, 0, 1, 0, 0])));
    }

    [Fact]
    public void A_zstd_that_wants_a_window_above_the_limit_is_refused()
    {
        Tools.Run(_folder.FullPath, "bash", "-c", "head -c 1000000 /dev/urandom | zstd -q --long=31 --no-content-size -o box.zst -");
        Assert.Equal(["Limits window"], Packed.Lines(File.ReadAllBytes(_folder["box.zst"])));
    }

    private byte[] Box(string kind)
    {
        switch (kind)
        {
            case "zip": return Zip(Files);
            case "tar": return Tar(Files);
            case "gz": return Gzip(Noise(2000));
            case "zst": return Zstandard(Tar(Files));
            case "tgz": return Gzip(Tar(Files));
            case "bz2":
                File.WriteAllBytes(_folder["box"], Noise(2000));
                Tools.Run(_folder.FullPath, "bzip2", "box");
                return File.ReadAllBytes(_folder["box.bz2"]);
            default:
                foreach (var (name, content) in Files) File.WriteAllBytes(_folder[name], content);
                var method = kind switch { "7z" => "-m0=lzma2:d=1m", "7z-lzma" => "-m0=lzma:d=1m", "7z-ppmd" => "-m0=ppmd:mem=1m", _ => "-mhc=off" };
                Tools.Run(_folder.FullPath, "7z", "a", method, "box.7z", "a", "stored", "much", "noise");
                return File.ReadAllBytes(_folder["box.7z"]);
        }
    }

    private static byte[] SevenZip(byte[] header)
    {
        byte[] packed = [0, 0, 0, 0];
        var start = new byte[20];
        BinaryPrimitives.WriteInt64LittleEndian(start, packed.Length);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(8), header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(start.AsSpan(16), Crc32.HashToUInt32(header));
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Crc32.HashToUInt32(start));
        return [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, 0, 4, .. sum, .. start, .. packed, .. header];
    }

    private static void WriteSum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header) sum += value;
        Text(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(3).NextBytes(noise);
        return noise;
    }
}
