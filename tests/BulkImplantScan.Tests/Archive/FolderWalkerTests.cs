using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

[Collection(Alone.Name)]
public sealed class FolderWalkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<bool> BothWays => [false, true];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(BothWays))]
    public void Every_file_of_a_tree_is_found_once_in_the_order_of_the_bytes(bool managed)
    {
        foreach (var file in new[] { "b/2", "b/1/x", "a", "b.c", "B/z", "é/1", "c/d/e/f/g" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder["root", file])!);
            File.WriteAllText(_folder["root", file], "");
        }

        Directory.CreateDirectory(_folder["root", "empty"]);
        Assert.Equal(["B/z", "a", "b/1/x", "b/2", "b.c", "c/d/e/f/g", "é/1"], Names(Walker(managed)));
    }

    [Theory, MemberData(nameof(BothWays))]
    public void Links_in_a_circle_end(bool managed)
    {
        LinuxTree.Make(_folder.FullPath,
            """
            mkdir -p root/a/b outside/deep
            touch root/a/b/film outside/deep/far
            ln -s . root/self
            ln -s .. root/a/up
            ln -s ../../a root/a/b/round
            ln -s ../../outside root/a/out
            ln -s ../../root outside/deep/back
            ln -s ../outside outside/self
            ln -s loop2 root/loop1
            ln -s loop1 root/loop2
            ln -s nothing root/broken
            """);
        var walker = Walker(managed);
        var entries = walker.Walk().ToArray();
        Assert.Equal(["a/b/film", "a/out/deep/far"], entries.Where(IsFile).Select(Text));
        Assert.Equal(
            managed ? ["broken ENOENT", "loop1 EIO", "loop2 EIO"] : ["broken ENOENT", "loop1 ELOOP", "loop2 ELOOP"],
            entries.Where(entry => !IsFile(entry)).Select(entry => $"{Text(entry)} {entry.Detail}"));
        Assert.Equal(5, walker.LinksPassedOver);
    }

    [Theory, MemberData(nameof(BothWays))]
    public void A_folder_outside_is_walked_once_whatever_leads_there(bool managed)
    {
        LinuxTree.Make(_folder.FullPath,
            """
            mkdir -p root outside/inner
            touch outside/1 outside/inner/2
            ln -s ../outside/inner root/a
            ln -s ../outside root/b
            ln -s ../outside root/c
            ln -s b/inner root/d
            """);
        Assert.Equal(["a/2", "b/1"], Names(Walker(managed)));
    }

    [Theory, MemberData(nameof(BothWays))]
    public void A_link_to_a_file_is_the_file_and_one_to_a_folder_of_the_archive_is_not_walked_twice(bool managed)
    {
        LinuxTree.Make(_folder.FullPath, "mkdir -p root/z; touch root/z/film; ln -s z/film root/a; ln -s z root/b; ln -s \"$PWD/root/z\" root/c");
        Assert.Equal(["a", "z/film"], Names(Walker(managed)));
    }

    [Fact]
    public void Names_that_are_no_text_come_as_their_bytes()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir root; cd root; touch -- $'new\\nline' $'\\xff\\xfe' ' ' '-rf'; mkdir $'\\xc3('; touch $'\\xc3(/\\r\\t'");
        Assert.Equal(
            ["20", "2D7266", "6E65770A6C696E65", "C3282F0D09", "FFFE"],
            Walker(managed: false).Walk().Select(entry => Convert.ToHexString(entry.Path)));
    }

    [Fact]
    public void Pipes_sockets_and_devices_are_named_and_never_opened()
    {
        LinuxTree.Make(_folder.FullPath,
            "mkdir root; mkfifo root/pipe; ln -s pipe root/link; ln -s /dev/null root/null; ln -s /dev/zero root/zero; touch root/film");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["root", "socket"]));
        Assert.Equal(
            ["film File ", "link SpecialFile fifo", "null SpecialFile device", "pipe SpecialFile fifo", "socket SpecialFile socket", "zero SpecialFile device"],
            Walker(managed: false).Walk().Select(entry => $"{Text(entry)} {entry.Kind} {entry.Detail}"));
    }

    [Fact]
    public void A_folder_that_may_not_be_listed_is_one_entry_and_the_rest_goes_on()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir -p root/a root/b/c root/d; touch root/a/1 root/b/c/2 root/d/3; chmod 000 root/b");
        try
        {
            Assert.SkipWhen(Environment.IsPrivilegedProcess, "the administrator may list every folder");
            Assert.Equal(["a/1 File ", "b UnreadableFolder EACCES", "d/3 File "],
                Walker(managed: false).Walk().Select(entry => $"{Text(entry)} {entry.Kind} {entry.Detail}"));
        }
        finally
        {
            LinuxTree.Make(_folder.FullPath, "chmod 700 root/b");
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_opened_or_breaks_off_is_one_entry_and_the_rest_goes_on()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir -p root/a root/gone root/breaks root/z; touch root/a/1 root/gone/2 root/breaks/3 root/breaks/4 root/z/5");
        var walker = new FolderWalker(_folder["root"], null, new FailingAccess(FolderAccess.For(_folder["root"])), FolderWalker.RunNames);
        Assert.Equal(
            ["a/1 File ", "breaks/3 File ", "breaks UnreadableFolder EIO", "gone UnreadableFolder EACCES", "z/5 File "],
            walker.Walk().Select(entry => $"{Text(entry)} {entry.Kind} {entry.Detail}"));
    }

    [Fact]
    public void A_file_that_takes_a_folders_place_while_it_is_walked_is_an_error_of_one_entry()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir -p root/a root/b; touch root/a/1 root/b/2");
        var found = new List<string>();
        foreach (var entry in Walker(managed: false).Walk())
        {
            found.Add($"{Text(entry)} {entry.Kind} {entry.Detail}");
            if (found.Count == 1) LinuxTree.Make(_folder.FullPath, "rm -r root/b; touch root/b");
        }

        Assert.Equal(["a/1 File ", "b UnreadableFolder ENOTDIR"], found);
    }

    [Fact]
    public void A_path_longer_than_the_system_takes_in_one_call_is_walked_and_opened()
    {
        const string Name = "a-name-of-a-hundred-bytes-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        LinuxTree.Make(_folder.FullPath, $"mkdir root; cd -P root; for i in $(seq 90); do mkdir {Name}; cd -P {Name}; done; echo -n film > x");
        var entry = Assert.Single(Walker(managed: false).Walk());
        Assert.Equal(90 * (Name.Length + 1) + 1, entry.Path.Length);
        using var file = ArchiveFiles.Open(_folder["root"], entry.Path, out _, out _);
        Assert.Equal(4, file!.Bytes);
    }

    [Fact]
    public void A_tree_too_deep_is_cut_off_with_an_entry()
    {
        LinuxTree.Make(_folder.FullPath,
            $"mkdir root; cd -P root; n=$(printf 'x%.0s' $(seq 250)); for i in $(seq {FolderWalker.MaximumPathBytes / 251 + 2}); do mkdir $n; cd -P $n; done; touch film");
        var entry = Assert.Single(Walker(managed: false).Walk());
        Assert.Equal((ArchiveEntryKind.UnreadableFolder, "ENAMETOOLONG"), (entry.Kind, entry.Detail));
    }

    [Theory, MemberData(nameof(BothWays))]
    public void A_large_folder_is_taken_in_sorted_runs_and_nothing_is_lost(bool managed)
    {
        Directory.CreateDirectory(_folder["root", "sub"]);
        File.WriteAllText(_folder["root", "sub", "film"], "");
        var expected = Enumerable.Range(0, 95).Select(i => $"f{i:D3}").Append("sub/film").ToArray();
        foreach (var name in expected[..95]) File.WriteAllText(_folder["root", name], "");

        var names = Names(new FolderWalker(_folder["root"], null, Access(managed), runNames: 10));
        Assert.NotEqual(expected, names); // a tree on which runs do not show would prove nothing
        Assert.Equal(expected, names.Order(StringComparer.Ordinal));
        Assert.Equal(names, Names(new FolderWalker(_folder["root"], null, Access(managed), runNames: 10)));
    }

    [Fact]
    public void Walking_a_hundred_thousand_files_holds_one_run_of_names()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir root; cd root; seq -f 'film-with-a-name-as-long-as-a-uid-1.2.840.113619.%06.0f' 100000 | xargs touch");
        var walker = new FolderWalker(_folder["root"], null, Access(managed: false), runNames: 1000);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (files, most) = (0, 0L);
        foreach (var entry in walker.Walk())
        {
            if (++files % 10_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(100_000, files);
        Assert.InRange(most, 0, 1 << 20); // all names would take 10 MB
    }

    [Theory, MemberData(nameof(BothWays))]
    public void The_runs_own_folder_is_passed_over(bool managed)
    {
        foreach (var file in new[] { "film", "run/inventory.parquet", "run/parts/part", "runs/film" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder["root", file])!);
            File.WriteAllText(_folder["root", file], "");
        }

        Assert.Equal(["film", "runs/film"], Names(new FolderWalker(_folder["root"], _folder["root", "run"], Access(managed), FolderWalker.RunNames)));
    }

    [Fact]
    public void A_file_a_missing_folder_and_an_unlistable_one_are_refused_with_a_sentence()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Contains("is a file", Assert.Throws<ArchiveException>(() => new FolderWalker(_folder["file"])).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<ArchiveException>(() => new FolderWalker(_folder["none"])).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["gone"]);
        Assert.Contains("EACCES", Assert.Throws<ArchiveException>(() =>
            new FolderWalker(_folder["gone"], null, new FailingAccess(FolderAccess.For(_folder["gone"]), failRoot: true), 10)).Message, StringComparison.Ordinal);
    }

    private FolderWalker Walker(bool managed) => new(_folder["root"], null, Access(managed), FolderWalker.RunNames);

    private FolderAccess Access(bool managed) => managed ? new ManagedFolderAccess(_folder["root"]) : FolderAccess.For(_folder["root"]);

    private static bool IsFile(ArchiveEntry entry) => entry.Kind == ArchiveEntryKind.File;

    private static string Text(ArchiveEntry entry) => Encoding.UTF8.GetString(entry.Path);

    private static string[] Names(FolderWalker walker) => walker.Walk().Select(entry =>
    {
        Assert.True(IsFile(entry));
        return Text(entry);
    }).ToArray();

    /// <summary>Refuses the folder <c>gone</c>, and breaks off <c>breaks</c> after its first name: what a failing disk does.</summary>
    private sealed class FailingAccess(FolderAccess inner, bool failRoot = false) : FolderAccess
    {
        public override OpenFolder? TryOpen(ReadOnlySpan<byte> relative, out string? error)
        {
            error = "EACCES";
            if (failRoot || relative.SequenceEqual("gone"u8)) return null;
            var open = inner.TryOpen(relative, out error);
            return open is not null && relative.SequenceEqual("breaks"u8) ? new Breaking(open) : open;
        }

        public override FolderEntryType Follow(ReadOnlySpan<byte> relative, out string? error) => inner.Follow(relative, out error);

        private sealed class Breaking(OpenFolder inner) : OpenFolder
        {
            private bool _isBroken;

            public override UInt128 Identity => inner.Identity;

            public override byte[]? RealPath => inner.RealPath;

            public override bool TryNext(out byte[] name, out FolderEntryType type, out string? error)
            {
                (name, type, error) = ("3"u8.ToArray(), FolderEntryType.File, _isBroken ? "EIO" : null);
                (var more, _isBroken) = (!_isBroken, true);
                return more;
            }

            public override void Dispose() => inner.Dispose();
        }
    }
}
