using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BulkImplantScan.Results;

/// <summary>Files that exist whole or not at all, also after a kill or a power cut.</summary>
/// <remarks>Written beside the target under a temporary name, flushed to the disk, renamed over the target, and the folder
/// flushed too (else the rename may be lost although the content is not). A name that others look for never shows half a file.
/// Two writers of one target both succeed; the last rename wins.</remarks>
public static partial class AtomicFile
{
    private const string TemporarySuffix = ".tmp";
    private const int CloseOnExec = 0x80000; // O_CLOEXEC on Linux; O_DIRECTORY has another value on each processor
    private const int NoSpaceUnix = 28, QuotaUnix = 122; // ENOSPC, EDQUOT
    private const int NoSpaceWindows = unchecked((int)0x80070070), HandleDiskFullWindows = unchecked((int)0x80070027);

    /// <summary>Writes <paramref name="path"/> in one step; its folder must exist.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="write">Writes the content to a stream that can seek; what it throws leaves no file behind.</param>
    /// <exception cref="RunFolderException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var file = Begin(path);
        write(file.Stream);
        file.Publish();
    }

    /// <summary>Starts a file whose content takes a while; nothing is seen at <paramref name="path"/> until <see cref="Pending.Publish"/>.</summary>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public static Pending Begin(string path)
    {
        var target = Path.GetFullPath(path);
        return Guard(target, () => new Pending(target));
    }

    /// <summary>Deletes what killed writers left in <paramref name="folder"/> (not below it).</summary>
    /// <returns>Files deleted.</returns>
    /// <remarks>A writer holds a lock on its temporary file as long as it lives; a file that is locked stays. On a file
    /// system without locks the file of a living writer may go too: that writer then stops with a clear error, and the run
    /// is still whole.</remarks>
    public static int DeleteLeftovers(string folder)
    {
        var deleted = 0;
        if (!Directory.Exists(folder)) return 0;
        foreach (var file in Directory.EnumerateFiles(folder, ".*" + TemporarySuffix))
        {
            try
            {
                // A writer that has made its file and is about to lock it; an empty one does no harm.
                if (new FileInfo(file).Length == 0) continue;
                using (File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
                File.Delete(file);
                deleted++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // its writer lives, or it is another user's: harmless, nobody reads it
            }
        }

        return deleted;
    }

    /// <summary>True for a name that only <see cref="AtomicFile"/> gives.</summary>
    internal static bool IsTemporary(string name) => name.StartsWith('.') && name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    /// <summary>True for what a full disk, or a used-up quota, has thrown or caused.</summary>
    public static bool IsDiskFull(Exception? e) => e is not null
        && (e is IOException { HResult: NoSpaceUnix or QuotaUnix or NoSpaceWindows or HandleDiskFullWindows } || IsDiskFull(e.InnerException));

    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            throw new RunFolderException(
                $"The disk that holds {path} is full. Free some space and give the same command again; what is finished is kept.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException or PathTooLongException)
        {
            throw new RunFolderException($"{path} cannot be written ({e.Message.TrimEnd('.')}). Choose a folder that you may write to.", e);
        }
    }

    private static void FlushFolder(string folder)
    {
        // Windows has no such call, and NTFS keeps the rename in its journal.
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(folder, CloseOnExec);
        if (descriptor < 0) return; // a folder that may be written but not read: the rename is done, only not forced out
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>A file that is being written. Disposing it without <see cref="Publish"/> removes it.</summary>
    public sealed class Pending : IDisposable
    {
        private readonly string _target;
        private readonly string _temporary;
        private readonly FileStream _file;
        private bool _published;

        internal Pending(string target)
        {
            _target = target;
            var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException("a file, not a root", nameof(target));
            _temporary = Path.Combine(
                folder, $".{Path.GetFileName(target)}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}{TemporarySuffix}");

            // Not FileShare.None, so that Windows can rename it while open; the lock still keeps DeleteLeftovers away.
            _file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1 << 16);
            Stream = new DiskFullStream(_file, target);
        }

        /// <summary>Where the content goes; can seek.</summary>
        public Stream Stream { get; }

        /// <summary>Flushes the content to the disk and gives the file its name.</summary>
        /// <exception cref="RunFolderException">The disk is full, or the folder cannot be written.</exception>
        public void Publish() => Guard(_target, () =>
        {
            _file.Flush(flushToDisk: true);
            File.Move(_temporary, _target, overwrite: true); // still open, so still locked: nobody can take it for a leftover
            _published = true;
            _file.Dispose();
            FlushFolder(Path.GetDirectoryName(_target)!);
            return true;
        });

        /// <summary>Closes, and removes the file unless it was published.</summary>
        public void Dispose()
        {
            if (_published) return;
            _published = true;
            try
            {
                _file.Dispose(); // writes what is buffered: on a full disk that throws once more
            }
            catch (IOException)
            {
                _file.SafeFileHandle.Dispose();
            }

            File.Delete(_temporary);
        }
    }
}
