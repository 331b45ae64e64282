using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>Folders of Linux by the bytes of their names.</summary>
internal sealed class LinuxFolderAccess(string root) : FolderAccess
{
    private readonly byte[] _root = Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));

    public override OpenFolder? TryOpen(ReadOnlySpan<byte> relative, out string? error)
    {
        error = null;
        var descriptor = LinuxCalls.Open(Below(relative), LinuxCalls.OpenForReading);
        if (descriptor < 0)
        {
            error = LinuxCalls.ErrorName(-descriptor);
            return null;
        }

        if (!LinuxCalls.TryStat(descriptor, out _, out var identity, out _, out var number))
        {
            error = LinuxCalls.ErrorName(number);
            _ = LinuxCalls.Close(descriptor, 0);
            return null;
        }

        var stream = LinuxCalls.OpenStream(descriptor, out number);
        if (stream != 0) return new Listing(stream, descriptor, identity);
        error = LinuxCalls.ErrorName(number); // ENOTDIR among them: a file took the folder's place
        return null;
    }

    public override FolderEntryType Follow(ReadOnlySpan<byte> relative, out string? error)
    {
        error = null;
        var descriptor = LinuxCalls.Open(Below(relative), LinuxCalls.OpenToLook);
        if (descriptor < 0)
        {
            error = LinuxCalls.ErrorName(-descriptor);
            return FolderEntryType.Unreadable;
        }

        if (!LinuxCalls.TryStat(descriptor, out var type, out _, out _, out var number)) error = LinuxCalls.ErrorName(number);
        return LinuxCalls.Close(descriptor, 0) == 0 && error is null ? type : FolderEntryType.Unreadable;
    }

    private byte[] Below(ReadOnlySpan<byte> relative) => [.. _root, (byte)'/', .. relative];

    private sealed class Listing(nint stream, int descriptor, UInt128 identity) : OpenFolder
    {
        private nint _stream = stream;

        public override UInt128 Identity { get; } = identity;

        public override byte[]? RealPath => LinuxCalls.RealPath(descriptor);

        public override bool TryNext(out byte[] name, out FolderEntryType type, out string? error)
        {
            var next = LinuxCalls.ReadStream(_stream, out var known, out var number);
            name = next ?? [];
            type = next is null ? default : known ?? LinuxCalls.TypeAt(descriptor, next);
            error = number == 0 ? null : LinuxCalls.ErrorName(number);
            return next is not null;
        }

        public override void Dispose()
        {
            if (_stream != 0) LinuxCalls.CloseStream(_stream);
            _stream = 0;
        }
    }
}
