using System.Text;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>Opens files of an archive by the bytes of their path; what goes wrong is a value.</summary>
public static class ArchiveFiles
{
    /// <summary>Opens a regular file, through links, without ever waiting for a pipe.</summary>
    /// <param name="root">The archive's root.</param>
    /// <param name="relativePath">As in <see cref="InventoryFilm.Path"/>. One that would leave the root by itself (absolute,
    /// or with <c>..</c>) is refused: an inventory is a file that others may have written.</param>
    /// <param name="reason"><see cref="Reason.None"/>, <see cref="Reason.UnreadableFile"/>, or <see cref="Reason.NotDicom"/>
    /// for a pipe, socket, device or folder.</param>
    /// <param name="detail">Name of the error (<c>EACCES</c>) or of what it is (<c>fifo</c>).</param>
    /// <returns>The open file, to be disposed by the caller; null unless the reason is None.</returns>
    public static OpenedFile? Open(string root, ReadOnlySpan<byte> relativePath, out Reason reason, out string? detail)
    {
        (reason, detail) = (Reason.None, null);
        if (!StaysBelow(relativePath))
        {
            (reason, detail) = (Reason.UnreadableFile, "path_outside_archive");
            return null;
        }

        return LinuxCalls.IsSupported
            ? OpenLinux([.. Encoding.UTF8.GetBytes(root), (byte)'/', .. relativePath], ref reason, ref detail)
            : OpenManaged(Path.Combine(root, Encoding.UTF8.GetString(relativePath)), ref reason, ref detail);
    }

    internal static OpenedFile? OpenManaged(string path, ref Reason reason, ref string? detail)
    {
        try
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new(handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = Reason.UnreadableFile;
            detail = e switch
            {
                UnauthorizedAccessException => "EACCES",
                FileNotFoundException or DirectoryNotFoundException => "ENOENT",
                _ => "EIO",
            };
            return null;
        }
    }

    private static OpenedFile? OpenLinux(byte[] path, ref Reason reason, ref string? detail)
    {
        var descriptor = LinuxCalls.Open(path, LinuxCalls.OpenForReading);
        if (descriptor < 0)
        {
            (reason, detail) = (Reason.UnreadableFile, LinuxCalls.ErrorName(-descriptor));
            return null;
        }

        if (LinuxCalls.TryStat(descriptor, out var type, out _, out var bytes, out var error) && type == FolderEntryType.File)
            return new(LinuxCalls.ToHandle(descriptor), bytes);

        _ = LinuxCalls.Close(descriptor, 0);
        (reason, detail) = error != 0
            ? (Reason.UnreadableFile, LinuxCalls.ErrorName(error))
            : (Reason.NotDicom, type switch
            {
                FolderEntryType.Fifo => "fifo",
                FolderEntryType.Socket => "socket",
                FolderEntryType.Folder => "folder",
                _ => "device",
            });
        return null;
    }

    private static bool StaysBelow(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path.Contains((byte)0)) return false;
        var isBackslashSeparator = OperatingSystem.IsWindows();
        if (isBackslashSeparator && path.IndexOfAny((byte)'\\', (byte)':') >= 0) return false;
        foreach (var range in path.Split((byte)'/'))
        {
            var name = path[range];
            if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) return false;
        }

        return true;
    }
}
