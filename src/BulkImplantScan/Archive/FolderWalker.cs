namespace BulkImplantScan.Archive;

/// <summary>Everything below a root but folders that can be listed, depth first, as a stream.</summary>
/// <remarks>Order: within a folder by the bytes of the names, so that an unchanged archive gives the same inventory. A folder
/// of more than <see cref="RunNames"/> entries is taken in runs of that many, in the order of the file system and each sorted:
/// that bounds memory to one run of names for each level of the current path.
/// Links: one to a file is the file. One to a folder below the root is passed over, since that folder is walked where it
/// lies. One to a folder elsewhere is followed, once whatever leads there; the folders below such a target are remembered
/// (16 bytes each, <see cref="OutsideFolders"/> at most). No folder that is being walked is entered again. So a walk ends,
/// and takes no folder twice.</remarks>
public sealed class FolderWalker
{
    /// <summary>Names that are sorted at a time.</summary>
    public const int RunNames = 100_000;

    /// <summary>Folders outside the root, reached through links, that are followed at most; those beyond are unreadable.</summary>
    public const int OutsideFolders = 1_000_000;

    /// <summary>Bytes that a path below the root may have; a deeper folder is unreadable.</summary>
    public const int MaximumPathBytes = 1 << 16;

    private readonly FolderAccess _access;
    private readonly int _runNames;
    private readonly byte[] _realRoot;
    private readonly UInt128? _excluded;
    private readonly HashSet<UInt128> _outside = [];

    /// <summary>A walk of the tree below <paramref name="root"/>.</summary>
    /// <param name="root">A folder, or a link to one.</param>
    /// <param name="excluded">A folder that is passed over wherever it lies (the run's own), or null.</param>
    /// <exception cref="ArchiveException">The root is missing, no folder, or may not be listed.</exception>
    public FolderWalker(string root, string? excluded = null)
        : this(root, excluded, FolderAccess.For(root), RunNames)
    {
    }

    internal FolderWalker(string root, string? excluded, FolderAccess access, int runNames)
    {
        (_access, _runNames) = (access, runNames);
        using var folder = Require(root, access);
        _realRoot = folder.RealPath ?? [];
        if (excluded is null || !Directory.Exists(excluded)) return;
        using var passedOver = (access is ManagedFolderAccess ? new ManagedFolderAccess(excluded) : FolderAccess.For(excluded)).TryOpen([], out _);
        _excluded = passedOver?.Identity;
    }

    /// <summary>Links to folders that were passed over so far, since the folder is walked anyway.</summary>
    public long LinksPassedOver { get; private set; }

    /// <summary>Walks; each call starts anew.</summary>
    public IEnumerable<ArchiveEntry> Walk()
    {
        LinksPassedOver = 0;
        _outside.Clear();
        var path = new Stack<Level>(); // from the folder that is being walked up to the root
        try
        {
            if (Enter([], isLink: false, path, out var error) is false && error is not null)
                yield return new([], ArchiveEntryKind.UnreadableFolder, error);

            while (path.TryPeek(out var level))
            {
                if (!level.TryNext(_runNames, out var name, out var type, out error))
                {
                    path.Pop().Dispose();
                    if (error is not null) yield return new(level.Path, ArchiveEntryKind.UnreadableFolder, error);
                    continue;
                }

                byte[] entry = level.Path.Length == 0 ? name : [.. level.Path, (byte)'/', .. name];
                var isLink = type == FolderEntryType.Link;
                error = null;
                if (isLink) type = _access.Follow(entry, out error);
                if (type != FolderEntryType.Folder)
                    yield return ToEntry(entry, type, error);
                else if (!Enter(entry, isLink, path, out error) && error is not null)
                    yield return new(entry, ArchiveEntryKind.UnreadableFolder, error);
            }
        }
        finally
        {
            foreach (var level in path) level.Dispose();
        }
    }

    private static OpenFolder Require(string root, FolderAccess access)
    {
        if (File.Exists(root)) throw new ArchiveException($"{root} is a file, not a folder. Name the folder that holds the films.");
        if (!Directory.Exists(root)) throw new ArchiveException($"There is no folder {root}. Name the folder that holds the films.");
        return access.TryOpen([], out var error)
            ?? throw new ArchiveException($"The folder {root} may not be listed ({error}). Ask for the right to read it.");
    }

    private static ArchiveEntry ToEntry(byte[] path, FolderEntryType type, string? error) => type switch
    {
        FolderEntryType.File => new(path, ArchiveEntryKind.File, null),
        FolderEntryType.Fifo => new(path, ArchiveEntryKind.SpecialFile, "fifo"),
        FolderEntryType.Socket => new(path, ArchiveEntryKind.SpecialFile, "socket"),
        FolderEntryType.Device => new(path, ArchiveEntryKind.SpecialFile, "device"),
        _ => new(path, ArchiveEntryKind.UnreadableFile, error ?? "ENOENT"),
    };

    /// <summary>Begins to walk a folder.</summary>
    /// <returns>False with an error when it cannot be listed; false without one when it is passed over.</returns>
    private bool Enter(byte[] folder, bool isLink, Stack<Level> path, out string? error)
    {
        error = folder.Length > MaximumPathBytes ? "ENAMETOOLONG" : null;
        if (error is not null || _access.TryOpen(folder, out error) is not { } open) return false;

        // A folder that a link leads to, or that lies below such a one, may be reached by many ways.
        var isOutside = isLink || (path.TryPeek(out var parent) && parent.IsOutside);
        var isWalked = open.Identity == _excluded || path.Any(level => level.Identity == open.Identity) || (isOutside && IsInside(open));
        if (!isWalked && isOutside && !_outside.Contains(open.Identity) && _outside.Count == OutsideFolders) error = "too_many_links";
        if (isWalked || error is not null || (isOutside && !_outside.Add(open.Identity)))
        {
            open.Dispose();
            if (error is null && isLink) LinksPassedOver++;
            return false;
        }

        path.Push(new(folder, open, isOutside));
        return true;
    }

    private bool IsInside(OpenFolder open)
    {
        if (_realRoot.Length == 0 || open.RealPath is not { } real) return false;
        var separator = (byte)(real.Contains((byte)'/') ? '/' : '\\');
        return real.AsSpan().StartsWith(_realRoot) && (real.Length == _realRoot.Length || real[_realRoot.Length] == separator || _realRoot[^1] == separator);
    }

    /// <summary>A folder of the current path, with the names of its current run.</summary>
    private sealed class Level(byte[] path, OpenFolder open, bool isOutside) : IDisposable
    {
        private readonly List<(byte[] Name, FolderEntryType Type)> _run = [];
        private int _next;
        private bool _isListed;
        private string? _error;

        public byte[] Path { get; } = path;

        public UInt128 Identity { get; } = open.Identity;

        public bool IsOutside { get; } = isOutside;

        public bool TryNext(int runNames, out byte[] name, out FolderEntryType type, out string? error)
        {
            if (_next == _run.Count && !_isListed) ReadRun(runNames);
            (name, type, error) = ([], default, null);
            if (_next == _run.Count)
            {
                error = _error;
                return false;
            }

            (name, type) = _run[_next];
            _run[_next++] = default; // a long run gives its names back as it goes
            return true;
        }

        public void Dispose() => open.Dispose();

        private void ReadRun(int runNames)
        {
            _run.Clear();
            _next = 0;
            while (_run.Count < runNames)
            {
                if (!open.TryNext(out var name, out var type, out _error))
                {
                    _isListed = true;
                    open.Dispose(); // at once: a path may be deeper than the descriptors that a process may hold
                    break;
                }

                _run.Add((name, type));
            }

            _run.Sort((one, other) => one.Name.AsSpan().SequenceCompareTo(other.Name));
        }
    }
}
