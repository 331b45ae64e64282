using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>Which of the files that a DICOMDIR lists are not there, whatever the capitals of their names.</summary>
/// <remarks>The names form a tree, and only its folders are listed, each once: memory is that of the list, not of the folders.</remarks>
internal sealed class DicomdirFolder
{
    /// <summary>Different names that are kept, some 200 bytes each: a medium has little more of them than files, a hostile list 16 a line.</summary>
    public const int MaximumNames = 1_250_000;

    private readonly Names _root = new();
    private readonly bool[] _isFound;

    private DicomdirFolder(List<DicomdirReference> references, int limit)
    {
        _isFound = new bool[references.Count];
        for (var i = 0; i < references.Count; i++)
        {
            if (!references[i].IsInside) continue;
            if (limit <= 0)
            {
                _isFound[i] = true; // not looked for, as what is beyond the records that are read
                continue;
            }

            var node = _root;
            var path = references[i].Path.AsSpan();
            foreach (var range in path.Split((byte)'/'))
            {
                var name = Key(path[range]);
                if (!node.Below.TryGetValue(name, out var next))
                {
                    node.Below[name] = next = new();
                    limit--;
                }

                node = next;
            }

            node.Files.Add(i);
        }
    }

    /// <summary>The references that lead to nothing, in their order.</summary>
    /// <param name="access">Lists folders of the archive.</param>
    /// <param name="folder">The DICOMDIR's own, below the root; empty for the root.</param>
    /// <param name="references">What it lists.</param>
    /// <param name="limit">Different names at most; files behind those are not looked for.</param>
    public static IEnumerable<DicomdirReference> Missing(
        FolderAccess access, byte[] folder, List<DicomdirReference> references, int limit = MaximumNames)
    {
        var tree = new DicomdirFolder(references, limit);
        tree.Look(access, folder, tree._root);
        for (var i = 0; i < references.Count; i++)
            if (!tree._isFound[i]) yield return references[i];
    }

    private static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(DicomdirReference.Fold(name));

    // As deep as references have names: that is bounded.
    private void Look(FolderAccess access, byte[] folder, Names names)
    {
        var folders = new List<(byte[] Path, Names Names)>();
        using (var open = access.TryOpen(folder, out _))
        {
            while (open is not null && open.TryNext(out var name, out var type, out _))
            {
                if (!names.Below.TryGetValue(Key(name), out var found)) continue;
                var isFolder = type == FolderEntryType.Folder;
                if (!isFolder) found.Files.ForEach(file => _isFound[file] = true); // what is there but cannot be read has a row of its own
                if (found.Below.Count > 0 && (isFolder || type == FolderEntryType.Link))
                    folders.Add((folder.Length == 0 ? name : [.. folder, (byte)'/', .. name], found));
            }
        }

        foreach (var (path, below) in folders) Look(access, path, below);
    }

    private sealed class Names
    {
        public Dictionary<string, Names> Below { get; } = new(0);

        public List<int> Files { get; } = new(0);
    }
}
