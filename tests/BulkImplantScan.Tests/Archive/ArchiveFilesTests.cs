using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class ArchiveFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_whose_name_is_no_text_is_opened_and_read_where_asked()
    {
        LinuxTree.Make(_folder.FullPath, "mkdir $'\\xff\\n'; printf 0123456789 > $'\\xff\\n/\\xfe'");
        using var file = ArchiveFiles.Open(_folder.FullPath, [0xFF, 0x0A, (byte)'/', 0xFE], out var reason, out _);
        Assert.Equal(Reason.None, reason);
        Assert.Equal(10, file!.Bytes);

        var target = new byte[8];
        Assert.True(file.TryRead(target, 6, out var read));
        Assert.Equal("6789"u8.ToArray(), target[..read]);
        Assert.True(file.TryRead(target, 10, out read));
        Assert.Equal(0, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("film\0")]
    public void A_path_that_is_not_of_an_inventory_is_refused(string path)
    {
        File.WriteAllText(_folder["film"], "");
        Assert.Null(ArchiveFiles.Open(_folder.FullPath, System.Text.Encoding.UTF8.GetBytes(path), out var reason, out var detail));
        Assert.Equal((Reason.UnreadableFile, "path_outside_archive"), (reason, detail));
    }

    [Fact]
    public void What_is_no_file_is_refused_at_once()
    {
        LinuxTree.Make(_folder.FullPath, "mkfifo pipe; mkdir folder; ln -s /dev/zero device; ln -s pipe link; ln -s circle circle");
        Assert.Equal((Reason.NotDicom, "fifo"), Refusal("pipe"u8)); // would wait for a writer for ever
        Assert.Equal((Reason.NotDicom, "fifo"), Refusal("link"u8));
        Assert.Equal((Reason.NotDicom, "folder"), Refusal("folder"u8));
        Assert.Equal((Reason.NotDicom, "device"), Refusal("device"u8));
        Assert.Equal((Reason.UnreadableFile, "ELOOP"), Refusal("circle"u8));
        Assert.Equal((Reason.UnreadableFile, "ENOENT"), Refusal("gone"u8));
        Assert.Equal((Reason.UnreadableFile, "ENOTDIR"), Refusal("device/film"u8));
    }

    [Fact]
    public void Other_systems_open_by_text_with_the_same_answers()
    {
        File.WriteAllText(_folder["film"], "0123");
        var (reason, detail) = (Reason.None, default(string));
        using (var file = ArchiveFiles.OpenManaged(_folder["film"], ref reason, ref detail)) Assert.Equal(4, file!.Bytes);
        Assert.Null(ArchiveFiles.OpenManaged(_folder["gone"], ref reason, ref detail));
        Assert.Equal((Reason.UnreadableFile, "ENOENT"), (reason, detail));
    }

    private (Reason Reason, string? Detail) Refusal(ReadOnlySpan<byte> path)
    {
        Assert.Null(ArchiveFiles.Open(_folder.FullPath, path, out var reason, out var detail));
        return (reason, detail);
    }
}
