using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>Folders by .NET's own calls, for Windows and macOS, where names are text.</summary>
internal sealed class ManagedFolderAccess(string root) : FolderAccess
{
    private const int MaximumLinks = 40; // as Linux has it

    private readonly string _root = Path.GetFullPath(root);

    public override OpenFolder? TryOpen(ReadOnlySpan<byte> relative, out string? error)
    {
        error = null;
        try
        {
            return new Listing(new DirectoryInfo(Below(relative)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = NameOf(e);
            return null;
        }
    }

    public override FolderEntryType Follow(ReadOnlySpan<byte> relative, out string? error)
    {
        error = null;
        try
        {
            return TypeOf(File.GetAttributes(RealPathOf(Below(relative))) & ~FileAttributes.ReparsePoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = NameOf(e);
        }

        return FolderEntryType.Unreadable;
    }

    private string Below(ReadOnlySpan<byte> relative) => Path.Combine(_root, Encoding.UTF8.GetString(relative));

    /// <summary>The path with every link on the way replaced by its target.</summary>
    private static string RealPathOf(string path, int links = 0)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return path;
        var realParent = RealPathOf(parent, links);
        var here = Path.Combine(realParent, Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target) return here;
        if (links == MaximumLinks) throw new IOException("too many links");
        return RealPathOf(Path.GetFullPath(target, realParent), links + 1); // ".." of a link starts where the link really lies
    }

    private static string NameOf(Exception e) => e switch
    {
        UnauthorizedAccessException => "EACCES",
        DirectoryNotFoundException or FileNotFoundException => "ENOENT",
        PathTooLongException => "ENAMETOOLONG",
        _ => "EIO",
    };

    private static FolderEntryType TypeOf(FileAttributes attributes) =>
        attributes.HasFlag(FileAttributes.ReparsePoint) ? FolderEntryType.Link
        : attributes.HasFlag(FileAttributes.Directory) ? FolderEntryType.Folder
        : attributes.HasFlag(FileAttributes.Device) ? FolderEntryType.Device
        : FolderEntryType.File;

    private sealed class Listing : OpenFolder
    {
        private readonly IEnumerator<FileSystemInfo> _entries;
        private readonly string _realPath;

        public Listing(DirectoryInfo folder)
        {
            _realPath = RealPathOf(folder.FullName);
            Identity = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(_realPath.AsSpan()));
            var all = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };
            _entries = folder.EnumerateFileSystemInfos("*", all).GetEnumerator();
        }

        public override UInt128 Identity { get; }

        public override byte[] RealPath => Encoding.UTF8.GetBytes(_realPath);

        public override bool TryNext(out byte[] name, out FolderEntryType type, out string? error)
        {
            (name, type, error) = ([], default, null);
            try
            {
                if (!_entries.MoveNext()) return false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = NameOf(e);
                return false;
            }

            name = Encoding.UTF8.GetBytes(_entries.Current.Name);
            type = _entries.Current.LinkTarget is not null ? FolderEntryType.Link : TypeOf(_entries.Current.Attributes);
            return true;
        }

        public override void Dispose() => _entries.Dispose();
    }
}
