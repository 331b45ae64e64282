using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Archive;

/// <summary>The few calls of Linux that take a path as bytes: .NET's own take text, and a name need not be text.</summary>
/// <remarks>Only what has one layout on x64 and arm64 is used: statx and not stat, readdir on 64 bits, no O_DIRECTORY or
/// O_NOFOLLOW. open(2), readdir(3), statx(2).</remarks>
internal static unsafe partial class LinuxCalls
{
    /// <summary>O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK: a pipe that somebody put there must not make us wait.</summary>
    public const int OpenForReading = 0x80000 | 0x100 | 0x800;

    /// <summary>O_PATH | O_CLOEXEC: looks, through links, without opening.</summary>
    public const int OpenToLook = 0x200000 | 0x80000;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000, NoFollow = 0x100; // AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
    private const uint BasicStats = 0x7ff;
    private const int StatBytes = 256;
    private const int LongestName = 1024; // 255 on the disks of Linux, more on mounted ones of others
    private const int LongestPath = 4000; // below PATH_MAX (4096), which one call takes at most

    /// <summary>True where these calls are what they are taken for.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() &&
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Opens <paramref name="path"/>, of any length, in as many steps as its length needs.</summary>
    /// <returns>A descriptor, or minus the error number.</returns>
    public static int Open(ReadOnlySpan<byte> path, int flags)
    {
        var from = CurrentFolder;
        var piece = (Span<byte>)stackalloc byte[LongestPath + 1];
        while (true)
        {
            var isLast = path.Length <= LongestPath;
            var length = isLast ? path.Length : path[..LongestPath].LastIndexOf((byte)'/');
            if (length <= 0 && !isLast) return Close(from, -36); // ENAMETOOLONG: one name of 4000 bytes
            path[..length].CopyTo(piece);
            piece[length] = 0;
            int descriptor;
            fixed (byte* name = piece) descriptor = OpenAt(from, name, isLast ? flags : OpenToLook, 0);
            var result = descriptor < 0 ? -Marshal.GetLastPInvokeError() : descriptor;
            if (result < 0 || isLast) return Close(from, result);
            _ = Close(from, 0);
            from = descriptor;
            path = path[length..].TrimStart((byte)'/');
        }
    }

    /// <summary>Type, identity and size of what is open.</summary>
    /// <returns>False with the error number.</returns>
    public static bool TryStat(int descriptor, out FolderEntryType type, out UInt128 identity, out long bytes, out int error) =>
        TryStat(descriptor, ""u8, EmptyPath, out type, out identity, out bytes, out error);

    /// <summary>Type of a name in an open folder; a link is not followed.</summary>
    public static FolderEntryType TypeAt(int folder, ReadOnlySpan<byte> name) =>
        TryStat(folder, name, NoFollow, out var type, out _, out _, out _) ? type : FolderEntryType.Unreadable;

    /// <summary>Path, free of links, of what is open; null when /proc does not tell.</summary>
    public static byte[]? RealPath(int descriptor)
    {
        var link = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}\0"));
        var target = new byte[1 << 16];
        fixed (byte* name = link, text = target)
        {
            var length = ReadLink(name, text, (nuint)target.Length);
            return length <= 0 || length == target.Length || target[0] != '/' ? null : target[..(int)length];
        }
    }

    /// <summary>Starts to list; takes the descriptor over.</summary>
    /// <returns>The stream, or zero with the error number.</returns>
    public static nint OpenStream(int descriptor, out int error)
    {
        var stream = FdOpenDir(descriptor);
        error = stream == 0 ? Marshal.GetLastPInvokeError() : 0;
        if (stream == 0) _ = CloseDescriptor(descriptor);
        return stream;
    }

    /// <summary>The next name of a stream but <c>.</c> and <c>..</c>; null at the end or with an error number.</summary>
    public static byte[]? ReadStream(nint stream, out FolderEntryType? type, out int error)
    {
        while (true)
        {
            var entry = (byte*)ReadDir(stream);
            type = null;
            error = entry is null ? Marshal.GetLastPInvokeError() : 0;
            if (entry is null) return null;
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19); // d_name, behind d_ino, d_off, d_reclen, d_type
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) continue;
            type = entry[18] switch
            {
                1 => FolderEntryType.Fifo,
                2 or 6 => FolderEntryType.Device,
                4 => FolderEntryType.Folder,
                8 => FolderEntryType.File,
                10 => FolderEntryType.Link,
                12 => FolderEntryType.Socket,
                _ => null, // DT_UNKNOWN: this file system does not say
            };
            return name.ToArray();
        }
    }

    /// <summary>Ends a stream and closes its descriptor.</summary>
    public static void CloseStream(nint stream) => _ = CloseDir(stream);

    /// <summary>Closes <paramref name="descriptor"/> if it is one.</summary>
    /// <returns><paramref name="result"/>.</returns>
    public static int Close(int descriptor, int result)
    {
        if (descriptor >= 0) _ = CloseDescriptor(descriptor);
        return result;
    }

    /// <summary>A handle for .NET's own reading; owns the descriptor.</summary>
    public static SafeFileHandle ToHandle(int descriptor) => new(descriptor, ownsHandle: true);

    /// <summary>The standard's name of an error number, for the details of rows.</summary>
    public static string ErrorName(int error) => error switch
    {
        1 => "EPERM",
        2 => "ENOENT",
        5 => "EIO",
        12 => "ENOMEM",
        13 => "EACCES",
        20 => "ENOTDIR",
        23 => "ENFILE",
        24 => "EMFILE",
        36 => "ENAMETOOLONG",
        40 => "ELOOP",
        116 => "ESTALE",
        _ => string.Create(CultureInfo.InvariantCulture, $"errno_{error}"),
    };

    private static bool TryStat(
        int folder, ReadOnlySpan<byte> name, int flags, out FolderEntryType type, out UInt128 identity, out long bytes, out int error)
    {
        (type, identity, bytes, error) = (FolderEntryType.Unreadable, default, 0, 0);
        var text = (Span<byte>)stackalloc byte[LongestName + 1];
        if (name.Length >= text.Length)
        {
            error = 36;
            return false;
        }

        text[name.Length] = 0;
        name.CopyTo(text);
        var stat = stackalloc byte[StatBytes];
        int result;
        fixed (byte* terminated = text) result = StatX(folder, terminated, flags, BasicStats, stat);
        if (result != 0)
        {
            error = Marshal.GetLastPInvokeError();
            return false;
        }

        type = (*(ushort*)(stat + 28) & 0xF000) switch // stx_mode
        {
            0x8000 => FolderEntryType.File,
            0x4000 => FolderEntryType.Folder,
            0xA000 => FolderEntryType.Link,
            0x1000 => FolderEntryType.Fifo,
            0xC000 => FolderEntryType.Socket,
            _ => FolderEntryType.Device,
        };
        var device = (ulong)*(uint*)(stat + 136) << 32 | *(uint*)(stat + 140); // stx_dev_major, stx_dev_minor
        identity = new(device, *(ulong*)(stat + 32)); // stx_ino
        bytes = *(long*)(stat + 40); // stx_size
        return true;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int folder, byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int folder, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte* path, byte* target, nuint length);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    private static partial nint FdOpenDir(int descriptor);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial nint ReadDir(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseDir(nint stream);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
