using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>The rows of a container: those of its members, each as if it were a file, and one of its own when it cannot be
/// read, or not to its end.</summary>
/// <param name="files">Makes the rows of one file.</param>
/// <param name="pool">Memory for what has to be held.</param>
/// <param name="limits">What a container may cost.</param>
/// <param name="stop">Ends any read.</param>
internal sealed class ContainerIndexer(FileIndexer files, PixelBufferPool pool, ArchiveLimits limits, CancellationToken stop)
{
    /// <summary>Rows of the container that is the file at <paramref name="place"/>, as they are found.</summary>
    public IEnumerable<InventoryFilm> Index(FilmPlace place, ContainerFormat format, ByteSource file)
    {
        using var container = OpenContainer.Of(format, file, place.Path, limits, stop);
        foreach (var row in Index(place, container, new(), isNested: false)) yield return row;
    }

    /// <param name="place">Of the container.</param>
    /// <param name="container">Open, before its first member.</param>
    /// <param name="tally">Of the file: a container in it has no limits of its own.</param>
    /// <param name="isNested">It lies in another.</param>
    private IEnumerable<InventoryFilm> Index(FilmPlace place, OpenContainer container, Tally tally, bool isNested)
    {
        var reader = container.Reader;
        var names = new MemberNames();
        var listed = new List<(FilmPlace Dicomdir, byte[] Folder, List<DicomdirReference> References)>();
        var isEmpty = true;
        while (tally.Members < limits.Members && reader.MoveNext())
        {
            tally.Members++;
            isEmpty = false;
            var member = reader.Member;
            var memberPlace = place.In(new(member.Name, member.At), names.Add(member.Name));
            if (member.Reason != Reason.None)
            {
                yield return files.Row(memberPlace, member.Bytes, member.Reason, member.Detail);
                continue;
            }

            var header = files.Probe.Read(new MemberSource(reader));
            var format = header.Container;
            if (format != ContainerFormat.None && isNested)
            {
                yield return files.Row(memberPlace, member.Bytes, Reason.Limits, "nesting");
            }
            else if (format != ContainerFormat.None)
            {
                using var inner = OpenContainer.In(format, container, files.Probe.Bytes, pool, limits, stop, out var fault);
                if (inner is null) yield return files.Row(memberPlace, member.Bytes, fault!.Value.Reason, fault.Value.Detail);
                else
                    foreach (var row in Index(memberPlace, inner, tally, isNested: true)) yield return row;
            }
            else
            {
                if (files.IsDicomdir(header))
                {
                    var list = DicomdirReader.Read(files.Probe.Bytes, files.Probe.Dataset, DicomdirReader.MaximumRecords - tally.References);
                    tally.References += list.Count;
                    listed.Add((memberPlace, FolderOf(member.Name), list));
                }

                foreach (var row in RowsOf(memberPlace, reader, header)) yield return row;
            }
        }

        var why = reader.Fault ?? (tally.Members == limits.Members && reader.MoveNext() ? new(Reason.Limits, "members") : reader.Fault);
        if (why is { } found) yield return files.Row(place, 0, found.Reason, found.Detail);
        else if (isEmpty) yield return files.Row(place, 0, Reason.EmptyFile, null);

        foreach (var (dicomdir, folder, list) in listed)
            foreach (var reference in list)
                if (!reference.IsInside || !names.Contains([.. folder, .. reference.Path])) yield return files.MissingRow(dicomdir, reference);
    }

    private List<InventoryFilm> RowsOf(FilmPlace place, ContainerReader reader, ProbedHeader header)
    {
        var rows = new List<InventoryFilm>(1);
        files.AddRows(place, header, Math.Max(0, reader.Member.Bytes), rows);

        // Where the rest is read anyway, the row tells what that came to; only the end of some films tells their size.
        var hasEnd = reader.IsReadThrough || (reader.Member.Bytes < 0 && rows[0].Reason == Reason.None);
        if (hasEnd) reader.SkipRest();
        for (var i = 0; i < rows.Count; i++)
        {
            if (hasEnd && reader.Member.Bytes < 0) rows[i] = rows[i] with { FileBytes = reader.Position };
            if (reader.MemberFault is { } fault) rows[i] = rows[i] with { Reason = fault.Reason, Detail = fault.Detail, FileOffset = null };
        }

        return rows;
    }

    private sealed class Tally
    {
        public int Members { get; set; }

        public int References { get; set; }
    }

    private static byte[] FolderOf(byte[] name) => name[..(name.AsSpan().LastIndexOf((byte)'/') + 1)];
}
