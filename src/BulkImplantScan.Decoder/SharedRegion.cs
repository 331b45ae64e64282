using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BulkImplantScan.Decoder;

/// <summary>Memory that the scanner and one decoder process both see: compressed bytes go in, cells come back.</summary>
/// <remarks>On Linux it has no name (memfd): nothing to clean up after a kill, no limit of a small /dev/shm, and sealed, so that
/// the other side cannot shrink it under us, which would kill on access. Elsewhere, or where /proc does not let the decoder open it, a file in
/// the temporary folder. Either is allocated wholly when it is made: a full disk is an error then, not a fault on access later.</remarks>
internal sealed unsafe partial class SharedRegion : IDisposable
{
    private const uint CloseOnExecAllowSealing = 1 | 2; // MFD_CLOEXEC | MFD_ALLOW_SEALING
    private const int AddSeals = 1033; // F_ADD_SEALS
    private const int SealShrinkGrowSeal = 2 | 4 | 1; // F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;

    private SharedRegion(FileStream file, string path, bool isNamed, long bytes)
    {
        (Path, IsNamed, Bytes) = (path, isNamed, bytes);
        _file = MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    /// <summary>What the other side opens.</summary>
    public string Path { get; }

    /// <summary>True when it is a file that must be deleted.</summary>
    public bool IsNamed { get; }

    /// <summary>Length.</summary>
    public long Bytes { get; }

    /// <summary>Makes a region.</summary>
    /// <param name="bytes">&gt; 0.</param>
    /// <param name="asFile">A file, also where it could be without a name.</param>
    /// <exception cref="IOException">No room for it.</exception>
    public static SharedRegion Create(long bytes, bool asFile) =>
        !asFile && OperatingSystem.IsLinux() ? CreateNameless(bytes) ?? CreateFile(bytes) : CreateFile(bytes);

    /// <summary>Opens what the other side made; null when that cannot be.</summary>
    public static SharedRegion? TryOpen(string path, long bytes)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
            if (file.Length == bytes) return new(file, path, false, bytes);
            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A piece of it; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not inside.</exception>
    public Span<byte> Span(long offset, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Bytes - offset);
        return new(_memory + offset, checked((int)bytes));
    }

    /// <summary>Takes the name away as soon as both sides have it open. Windows does so when the last of them closes it.</summary>
    public void Unname()
    {
        if (IsNamed && !OperatingSystem.IsWindows()) File.Delete(Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        Unname();
    }

    private static SharedRegion? CreateNameless(long bytes)
    {
        var descriptor = CreateMemory("bis-decoder", CloseOnExecAllowSealing);
        if (descriptor < 0) return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var fault = Allocate(descriptor, 0, bytes);
        if (fault != 0)
        {
            handle.Dispose();
            throw new IOException($"No room for {bytes} bytes of shared memory (error {fault}).");
        }

        _ = Control(descriptor, AddSeals, SealShrinkGrowSeal);
        return new(new(handle, FileAccess.ReadWrite, 0), $"/proc/{Environment.ProcessId}/fd/{descriptor}", false, bytes);
    }

    private static SharedRegion CreateFile(long bytes)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"bis-decoder-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = bytes,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        file.SetLength(bytes);
        return new(file, path, true, bytes);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemory(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(int descriptor, long offset, long bytes);

    // Variadic, with one whole number: passed alike on the processors that Linux runs .NET on.
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
