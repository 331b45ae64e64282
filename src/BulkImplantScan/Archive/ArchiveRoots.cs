using System.Text;
using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive;

/// <summary>The archives of one inventory: each a folder, or one file (a zip, say, or a film).</summary>
public static class ArchiveRoots
{
    /// <summary>The folder that an archive's paths start from: of a file the one that it lies in.</summary>
    /// <param name="root">Full path of a folder or a file.</param>
    public static string FolderOf(string root) => !Directory.Exists(root) && File.Exists(root) ? Path.GetDirectoryName(root) ?? root : root;

    /// <summary>Refuses archives of which one lies in another: films would be in the inventory twice.</summary>
    /// <exception cref="ArchiveException">They overlap, or one is missing.</exception>
    public static void RequireApart(IReadOnlyList<string> roots)
    {
        var real = roots.Select(RealPath).ToArray();
        for (var one = 0; one < real.Length; one++)
        {
            for (var other = 0; other < real.Length; other++)
            {
                if (one == other || !Contains(real[one], real[other])) continue;
                throw new ArchiveException(real[one].AsSpan().SequenceEqual(real[other])
                    ? $"{roots[one]} is named twice. Name each archive once."
                    : $"{roots[other]} lies in {roots[one]}. Name the outer one alone: what lies below it is taken anyway.");
            }
        }
    }

    /// <summary>Everything in the archives, one after the other.</summary>
    /// <param name="roots">Full paths.</param>
    /// <param name="excluded">A folder that is passed over wherever it lies.</param>
    /// <returns>The walk; a root that is missing or may not be listed throws before it begins.</returns>
    /// <exception cref="ArchiveException">See above.</exception>
    public static IEnumerable<ArchiveEntry> Walk(IReadOnlyList<string> roots, string excluded)
    {
        if (roots.Count > 1) RequireApart(roots);
        var walks = roots.Select((root, number) => WalkOne(root, number, excluded)).ToArray();
        return walks.SelectMany(walk => walk);
    }

    private static IEnumerable<ArchiveEntry> WalkOne(string root, int number, string excluded)
    {
        if (FolderOf(root) != root)
        {
            var name = Encoding.UTF8.GetBytes(Path.GetFileName(root));
            RequireArchive(root, name);
            return [new(name, ArchiveEntryKind.File, null, number)];
        }

        var walker = new FolderWalker(root, excluded);
        return walker.Walk().Select(entry => entry with { Root = number });
    }

    /// <summary>Refuses a file that can hold no film: named by mistake, it would make a run of one rejected row.</summary>
    private static void RequireArchive(string root, byte[] name)
    {
        using var file = ArchiveFiles.Open(FolderOf(root), name, out _, out var error)
            ?? throw new ArchiveException($"{root} is a file that may not be read ({error}). Ask for the right to read it.");
        using var pool = new PixelBufferPool();
        using var probe = new HeaderProbe(pool);
        var header = probe.Read(file);
        if (header.Reason is Reason.NotDicom or Reason.EmptyFile && header.Container == ContainerFormat.None)
            throw new ArchiveException($"{root} is a file, and neither DICOM nor zip, tar or 7z. Name the folder or the file that holds the films.");
        if (header.Reason == Reason.None && probe.Dataset.IsDicomdir)
            throw new ArchiveException($"{root} is a DICOMDIR, which lists films and holds none. Name the folder that it lies in.");
    }

    private static byte[] RealPath(string root)
    {
        var folder = FolderOf(root);
        using var open = FolderAccess.For(folder).TryOpen([], out var error)
            ?? throw new ArchiveException($"{root} may not be listed, or is not there ({error}). Name the folder or file that holds the films.");
        var path = open.RealPath ?? Encoding.UTF8.GetBytes(folder);
        return folder == root ? path : [.. path, (byte)Path.DirectorySeparatorChar, .. Encoding.UTF8.GetBytes(Path.GetFileName(root))];
    }

    private static bool Contains(byte[] outer, byte[] inner) =>
        inner.AsSpan().StartsWith(outer) && (inner.Length == outer.Length || inner[outer.Length] is (byte)'/' or (byte)'\\' || outer[^1] is (byte)'/' or (byte)'\\');
}
