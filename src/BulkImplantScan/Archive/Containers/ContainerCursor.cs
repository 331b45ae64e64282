using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads films out of containers in the order of the inventory, and keeps open what the next film will need.</summary>
/// <remarks>What is read front to back is so read once for all its films. To begin in the middle (a scan that is continued, a
/// shard) costs reading up to there, once: docs/archive.md says where.</remarks>
/// <param name="folders">The folder of each archive.</param>
/// <param name="pool">Gives the memory of films.</param>
/// <param name="limits">As the index had them.</param>
/// <param name="stop">Ends any read with an <see cref="OperationCanceledException"/>.</param>
internal sealed class ContainerCursor(IReadOnlyList<string> folders, PixelBufferPool pool, ArchiveLimits limits, CancellationToken stop) : IDisposable
{
    private static readonly ContainerFault Changed = new(Reason.ChangedSinceIndex, null);

    private int _root;
    private byte[] _path = [];
    private OpenedFile? _file;
    private OpenContainer? _outer;
    private ArchiveMember? _member; // that _inner is
    private OpenContainer? _inner;

    /// <summary>Reads the bytes of a film that lies in a container, or says why not.</summary>
    public (PixelBuffer? Bytes, Reason Reason, string? Detail) Read(InventoryFilm film)
    {
        if (film.Member is not { } member) throw new ArgumentException("the film is a file of its own", nameof(film));
        var fault = film.Nested is { } nested ? MoveTo(film, member, nested) : MoveTo(film, member);
        if (fault is { } found)
        {
            if (_file is null || found.Reason == Reason.UnreadableFile) Close();
            return (null, found.Reason, found.Detail);
        }

        var content = Content(film.Nested is null ? _outer!.Reader : _inner!.Reader, film.FileBytes);
        if (content.Reason == Reason.UnreadableFile) Close(); // the next film is to be tried, not given this one's fault
        return content;
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => Close();

    private ContainerFault? MoveTo(InventoryFilm film, ArchiveMember member)
    {
        CloseInner();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (Open(film) is { } fault) return fault;
            if (_outer!.Reader.MoveTo(member.At)) return IsIt(_outer.Reader, member) ? null : Changed;
            if (_outer.Reader.Fault is { } broken) return broken;
            if (_outer.Reader.HasDirectory) return Changed;
            Close(); // passed already, then from the front; and if it is not there then, the container is another
        }

        return Changed;
    }

    private ContainerFault? MoveTo(InventoryFilm film, ArchiveMember member, ArchiveMember nested)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_inner is null || !IsOpen(film) || !member.Equals(_member))
            {
                if (MoveTo(film, member) is { } fault) return fault;
                if (OpenInner(member) is { } unopened) return unopened;
            }

            if (_inner!.Reader.MoveTo(nested.At)) return IsIt(_inner.Reader, nested) ? null : Changed;
            if (_inner.Reader.Fault is { } broken) return broken;
            if (_inner.Reader.HasDirectory) return Changed;
            CloseInner();
        }

        return Changed;
    }

    private static bool IsIt(ContainerReader reader, ArchiveMember member) =>
        reader.Member.At == member.At && reader.Member.Name.AsSpan().SequenceEqual(member.Name) && reader.Member.Reason == Reason.None;

    private (PixelBuffer? Bytes, Reason Reason, string? Detail) Content(ContainerReader reader, long bytes)
    {
        if (reader.Member.Bytes >= 0 && reader.Member.Bytes != bytes) return (null, Reason.ChangedSinceIndex, null);
        var buffer = pool.Rent(bytes);
        var film = buffer.Span(bytes);
        var read = 0;
        while (read < film.Length && reader.Read(film[read..]) is > 0 and var more) read += more;

        // Only at its end does a member tell that it was right.
        Span<byte> beyond = stackalloc byte[1];
        var isLonger = read == film.Length && reader.Read(beyond) > 0;
        if (reader.MemberFault is null && read == film.Length && !isLonger) return (buffer, Reason.None, null);
        buffer.Dispose();
        return reader.MemberFault is { } fault ? (null, fault.Reason, fault.Detail) : (null, Reason.ChangedSinceIndex, null);
    }

    private bool IsOpen(InventoryFilm film) => _outer is not null && film.Root == _root && film.Path.AsSpan().SequenceEqual(_path);

    private ContainerFault? Open(InventoryFilm film)
    {
        if (IsOpen(film)) return null;
        Close();
        _file = ArchiveFiles.Open(folders[film.Root], film.Path, out var reason, out var detail);
        if (_file is null) return new(reason, detail);
        var head = new byte[ContainerMagic.HeadBytes];
        if (!_file.TryRead(head, 0, out var read)) return new(Reason.UnreadableFile, "EIO");
        var format = ContainerMagic.Of(head.AsSpan(0, read));
        if (format == ContainerFormat.None) return Changed;
        _outer = OpenContainer.Of(format, _file, film.Path, limits, stop);
        (_root, _path) = (film.Root, film.Path);
        return null;
    }

    private ContainerFault? OpenInner(ArchiveMember member)
    {
        var outer = _outer!.Reader;
        var head = new byte[ContainerMagic.HeadBytes];
        var read = 0;
        while (read < head.Length && outer.Read(head.AsSpan(read)) is > 0 and var more) read += more;
        if (outer.MemberFault is { } fault) return fault;
        var format = ContainerMagic.Of(head.AsSpan(0, read));
        if (format == ContainerFormat.None) return Changed;
        _inner = OpenContainer.In(format, _outer, head.AsSpan(0, read), pool, limits, stop, out var unopened);
        _member = member;
        return unopened;
    }

    private void CloseInner()
    {
        _inner?.Dispose();
        _inner = null;
    }

    private void Close()
    {
        CloseInner();
        _outer?.Dispose();
        _file?.Dispose();
        (_outer, _file) = (null, null);
    }
}
