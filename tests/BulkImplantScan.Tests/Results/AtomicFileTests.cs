using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Results;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_seen_under_the_name_before_all_is_written()
    {
        using var file = AtomicFile.Begin(_folder["part"]);
        file.Stream.Write(new byte[200_000]);
        file.Stream.Flush();
        Assert.False(File.Exists(_folder["part"]));
        file.Publish();
        Assert.Equal(200_000, new FileInfo(_folder["part"]).Length);
        Assert.Equal([_folder["part"]], Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void A_writer_that_throws_leaves_what_was_there_before()
    {
        File.WriteAllText(_folder["part"], "before");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(_folder["part"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException();
        }));
        Assert.Equal("before", File.ReadAllText(_folder["part"]));
        Assert.Equal([_folder["part"]], Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void Two_writers_of_one_file_both_succeed_and_the_last_wins()
    {
        using var first = AtomicFile.Begin(_folder["part"]);
        using var second = AtomicFile.Begin(_folder["part"]);
        first.Stream.Write("first"u8);
        second.Stream.Write("second"u8);
        second.Publish();
        first.Publish();
        Assert.Equal("first", File.ReadAllText(_folder["part"]));
    }

    [Fact]
    public void A_full_disk_says_so()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is not here");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var stream = new DiskFullStream(full, "/run/part");
        foreach (Action write in new Action[] { () => stream.Write([1], 0, 1), () => stream.WriteAsync(new byte[] { 1 }).AsTask().GetAwaiter().GetResult() })
        {
            var refused = Assert.Throws<RunFolderException>(write);
            Assert.Contains("/run/part is full", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_disk_that_fills_while_a_part_is_written_leaves_no_part()
    {
        // A file system of 64 KiB would need the right to mount; a limit on file size is the same to the writer, but kills
        // by signal. So the error comes from a stream that fails as the disk would.
        Assert.Throws<RunFolderException>(() => AtomicFile.Write(_folder["part"], stream =>
        {
            stream.Write(new byte[1000]);
            AtomicFile.Guard<int>(_folder["part"], () => throw new IOException("No space left on device", 28));
        }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void A_folder_that_is_not_there_says_what_to_do()
    {
        var refused = Assert.Throws<RunFolderException>(() => AtomicFile.Write(_folder["none", "part"], _ => { }));
        Assert.Contains("Choose a folder", refused.Message, StringComparison.Ordinal);
    }
}
