using System.Formats.Tar;
using BulkImplantScan.Tests.Results;
using static BulkImplantScan.Tests.Archive.Containers.Boxes;

namespace BulkImplantScan.Tests.Archive.Containers;

/// <summary>What others have packed comes out as it went in.</summary>
public sealed class ContainerReaderTests : IDisposable
{
    private static readonly (string, byte[])[] Files =
    [
        ("a", Text("first")), ("empty", []), ("folder/stored", Text("stored")), ("folder/much", Text(new string('x', 300_000))), ("a", Text("again")),
    ];

    private static readonly string[] Expected =
        ["a: first", "empty: ", "folder/stored: stored", "folder/much: " + new string('x', 300_000), "a: again"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_zip_gives_its_members() => Assert.Equal(Expected, Packed.Lines(Zip(Files)));

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void A_tar_gives_its_members_plain_and_compressed(TarEntryFormat format)
    {
        var tar = Tar(format, Files);
        Assert.Equal(Expected, Packed.Lines(tar));
        Assert.Equal(Expected, Packed.Lines(Gzip(tar)));
        Assert.Equal(Expected, Packed.Lines(Zstandard(tar)));
    }

    [Fact]
    public void A_single_file_that_was_compressed_is_a_container_of_one()
    {
        Assert.Equal(["box: content"], Packed.Lines(Gzip(Text("content"))));
        Assert.Equal(["box: content"], Packed.Lines(Zstandard(Text("content"))));
        Assert.Equal(["box: "], Packed.Lines([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void Gzips_one_behind_the_other_are_one_and_what_follows_the_last_is_passed_over()
    {
        Assert.Equal(["box: onetwo"], Packed.Lines([.. Gzip(Text("one")), .. Gzip(Text("two")), .. new byte[700]]));
        var tar = Tar(Files);
        Assert.Equal(Expected, Packed.Lines([.. Gzip(tar[..1000]), .. Gzip(tar[1000..])]));
    }

    [Fact]
    public void Gzip_members_that_are_alike_or_empty_are_each_unpacked_once()
    {
        // bgzip packs a black border into equal members, and ends with an empty one; two such files may be put one behind the other.
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] emptyStored = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
        var (one, zeros) = (Gzip(Text("one")), Gzip(new byte[300]));
        Assert.Equal(["box: oneoneone"], Packed.Lines([.. one, .. one, .. one]));
        Assert.Equal(["box: " + new string('\0', 900)], Packed.Lines([.. zeros, .. zeros, .. zeros]));
        Assert.Equal(["box: oneone"], Packed.Lines([.. one, .. empty, .. one, .. empty]));
        Assert.Equal(["box: one"], Packed.Lines([.. emptyStored, .. emptyStored, .. one, .. emptyStored, .. emptyStored]));
        var tar = Tar(Files);
        Assert.Equal(Expected, Packed.Lines([.. Gzip(tar[..1000]), .. empty, .. empty, .. Gzip(tar[1000..]), .. empty]));
    }

    [Fact]
    public void Tars_one_behind_the_other_are_read_to_the_last()
    {
        Assert.Equal(["a: 1", "b: 2"], Packed.Lines([.. Tar(("a", Text("1"))), .. Tar(("b", Text("2")))]));
        Assert.Equal(["a: 1", "b: 2"], Packed.Lines(Gzip([.. Tar(("a", Text("1"))), .. Tar(("b", Text("2")))])));
    }

    [Theory]
    [InlineData("-mx=5")]
    [InlineData("-mx=0")]
    [InlineData("-m0=lzma")]
    [InlineData("-m0=lzma2:d=16m")]
    [InlineData("-m0=ppmd")]
    [InlineData("-m0=bzip2")]
    [InlineData("-m0=deflate")]
    [InlineData("-m0=deflate64")]
    [InlineData("-ms=off")]
    [InlineData("-mhc=off")]
    public void A_7z_gives_its_members_by_every_usual_method(string option)
    {
        Write("a", "first");
        Write("empty", "");
        Write("folder/much", new string('x', 300_000));
        Write("folder/random", Random(200_000));
        Write("z", "last");
        Tools.Run(_folder["files"], "7z", "a", option, "../box.7z", ".");
        Assert.Equal(
            ["a: first", "empty: ", "folder/much: " + new string('x', 300_000), "folder/random: " + Random(200_000), "z: last"],
            Packed.Lines(Read("box.7z")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zip", "-mm=deflate")]
    [InlineData("zip", "-mm=deflate64")]
    [InlineData("zip", "-mm=bzip2")]
    [InlineData("tar", "-bd")]
    public void Other_packers_of_7_Zip_are_read_as_well(string type, string option)
    {
        Write("a", "first");
        Write("folder/random", Random(200_000));
        Tools.Run(_folder["files"], "7z", "a", "-t" + type, option, "../box", "a", "folder");
        Assert.Equal(["a: first", "folder/random: " + Random(200_000)], Packed.Lines(Read(type == "zip" ? "box.zip" : "box.tar")));
    }

    [Fact]
    public void Methods_that_nobody_can_read_here_are_said_with_their_number()
    {
        Write("a", Random(3000));
        Tools.Run(_folder["files"], "7z", "a", "-tzip", "-mm=lzma", "../box.zip", "a");
        Assert.Equal(["a: DamagedArchive method_14"], Packed.Lines(Read("box.zip")));
    }

    [Theory]
    [InlineData("7z", "-psecret")]
    [InlineData("7z", "-psecret", "-mhe=on")]
    [InlineData("zip", "-psecret")]
    [InlineData("zip", "-psecret", "-mem=AES256")]
    public void What_is_encrypted_is_said_to_be(string type, params string[] options)
    {
        Write("a", "secret");
        Tools.Run(_folder["files"], "7z", ["a", "-t" + type, .. options, "../box", "a"]);
        var expected = options.Contains("-mhe=on") ? "DamagedArchive encrypted" : "a: DamagedArchive encrypted";
        Assert.Equal([expected], Packed.Lines(Read("box." + type)));
    }

    [Theory]
    [InlineData("zstd", "zst", "-q", "-19")]
    [InlineData("gzip", "gz", "-k")]
    [InlineData("bzip2", "bz2", "-k")]
    public void Compressors_of_the_shell_are_read(string program, string ending, params string[] options)
    {
        File.WriteAllBytes(_folder["box.tar"], Tar(Files));
        Tools.Run(_folder.FullPath, program, [.. options, "box.tar"]);
        Assert.Equal(Expected, Packed.Lines(Read("box.tar." + ending)));
    }

    [Fact]
    public void Gnu_tar_with_long_names_links_holes_and_folders_is_read()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 90), 5));
        Write(name, "deep");
        LinuxTree.Make(_folder["files"], "ln -s nowhere link; echo -n twice > x; ln x y; mkfifo z; truncate -s 1M holes; echo -n end >> holes");
        Tools.Run(_folder["files"], "tar", "-c", "--format=gnu", "-S", "--sort=name", "-f", "../gnu.tar", ".");
        Assert.Equal(
            ["./holes: DamagedArchive sparse", "./link: NotDicom link", $"./{name}: deep", "./x: twice", "./y: NotDicom hard_link", "./z: NotDicom fifo"],
            Packed.Lines(Read("gnu.tar")));
        Tools.Run(_folder["files"], "tar", "-c", "--format=pax", "-S", "--sort=name", "-f", "../pax.tar", ".");
        Assert.Equal(
            ["holes: DamagedArchive sparse", "./link: NotDicom link", $"./{name}: deep", "./x: twice", "./y: NotDicom hard_link", "./z: NotDicom fifo"],
            Packed.Lines(Read("pax.tar")).Select(line => line[(line.StartsWith("./GNUSparseFile", StringComparison.Ordinal) ? line.LastIndexOf('/') + 1 : 0)..]));
    }

    [Fact]
    public void Python_zips_with_zip64_and_with_names_of_code_page_437_are_read()
    {
        Tools.Python(_folder.FullPath,
            """
            import zipfile
            with zipfile.ZipFile('box.zip', 'w', zipfile.ZIP_DEFLATED) as z:
                with z.open('big', 'w', force_zip64=True) as f: f.write(b'zip64')
                i = zipfile.ZipInfo('x'); i.filename = 'caf\u00e9'
                z.writestr(i, b'utf8')
                for k in range(70000): z.writestr(f'{k}', b'')
            data = bytearray(open('box.zip', 'rb').read())
            open('box.zip', 'wb').write(data.replace('caf\u00e9'.encode(), b'caf\x82\x21'))
            open('box.zip', 'ab').close()
            """);
        var lines = Packed.Lines(Read("box.zip"));
        Assert.Equal(70002, lines.Count);
        Assert.Equal(["big: zip64", "caf\u0082!: utf8", "0: "], lines[..3]);
    }

    [Fact]
    public void A_zip_behind_other_bytes_is_found_by_its_directory_and_what_that_does_not_list_is_said()
    {
        var zip = Zip(Files);
        string[] expected = [.. Expected, "DamagedArchive directory"];
        Assert.Equal(expected, Packed.Lines([.. "PK\u0003\u0004 a stub that begins as a zip does"u8, .. zip]));
        Assert.Equal(expected, Packed.Lines([.. Zip(("lost", Text("film"))), .. zip]));
    }

    [Fact]
    public void A_zip_of_more_entries_than_16_bits_count_is_read_to_its_end()
    {
        // As macOS writes it: no zip64, the count modulo 65,536.
        var names = Enumerable.Range(0, 65_540).Select(i => (Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture)), Array.Empty<byte>()));
        var lines = Packed.Lines(StoredZip([.. names]));
        Assert.Equal((65_540, "65539: "), (lines.Count, lines[^1]));
    }

    [Fact]
    public void A_zip_whose_directory_lists_more_than_it_counts_gives_all_and_says_so()
    {
        var zip = StoredZip((Text("a"), Text("1")), (Text("b"), Text("2")));
        zip[^12] = zip[^14] = 1;
        Assert.Equal(["a: 1", "b: 2", "DamagedArchive directory"], Packed.Lines(zip));
    }

    [Fact]
    public void What_stands_behind_the_end_of_a_tar_is_nobodys()
    {
        Assert.Equal(Expected, Packed.Lines([.. Tar(Files), (byte)'\n']));
        Assert.Equal(Expected, Packed.Lines(Gzip([.. Tar(Files), .. new byte[700]])));
    }

    [Fact]
    public void Any_member_can_be_gone_to_at_once()
    {
        Write("a", "first");
        Write("b", Random(100_000));
        Write("c", "last");
        Tools.Run(_folder["files"], "7z", "a", "../box.7z", "a", "b", "c");
        foreach (var box in new[] { Zip(Files), Tar(Files), Gzip(Tar(Files)), Zstandard(Tar(Files)), Read("box.7z") })
        {
            var members = new List<(long At, string Content)>();
            using (var front = Packed.Open(box))
                while (front.Reader.MoveNext()) members.Add((front.Reader.Member.At, Packed.Content(front.Reader)));
            Assert.Equal(members.Select(member => member.At).Order().Distinct(), members.Select(member => member.At));
            foreach (var (at, content) in members)
            {
                using var open = Packed.Open(box);
                Assert.True(open.Reader.MoveTo(at));
                Assert.Equal(content, Packed.Content(open.Reader));
            }
        }
    }

    private static string Random(int length)
    {
        var random = new Random(length);
        return string.Create(length, random, (text, source) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = (char)source.Next(32, 127);
        });
    }

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["files", name])!);
        File.WriteAllText(_folder["files", name], content);
    }

    private byte[] Read(string name) => File.ReadAllBytes(_folder[name]);
}
