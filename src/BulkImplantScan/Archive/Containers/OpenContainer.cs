using BulkImplantScan.Imaging;

namespace BulkImplantScan.Archive.Containers;

/// <summary>A container that is being read, with what it needs in memory.</summary>
internal sealed class OpenContainer : IDisposable
{
    private readonly HeldBytes? _held;

    private OpenContainer(ContainerReader reader, HeldBytes? held) => (Reader, _held) = (reader, held);

    /// <summary>Its members.</summary>
    public ContainerReader Reader { get; }

    /// <summary>Opens a container that is a file.</summary>
    /// <param name="format">Not None.</param>
    /// <param name="source">The file; stays the caller's.</param>
    /// <param name="name">Its name: that of the one file in a <c>.gz</c> is made of it.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="stop">Ends any read of it.</param>
    public static OpenContainer Of(ContainerFormat format, ByteSource source, byte[] name, ArchiveLimits limits, CancellationToken stop) =>
        new(Reading(format, source, 0, source.Bytes, name, limits, stop), null);

    /// <summary>Opens a container that is a member of another.</summary>
    /// <param name="format">Not None.</param>
    /// <param name="outer">Stands at the member; is not moved while the inner one is read.</param>
    /// <param name="head">What was read of the member already.</param>
    /// <param name="pool">Gives memory where it has to be held.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="stop">Ends any read of it.</param>
    /// <param name="fault">Why null is returned.</param>
    public static OpenContainer? In(
        ContainerFormat format, ContainerReader outer, ReadOnlySpan<byte> head, PixelBufferPool pool, ArchiveLimits limits, CancellationToken stop,
        out ContainerFault? fault)
    {
        fault = null;
        var name = outer.Member.Name;
        if (outer.Unpacked is { } unpacked)
            return new(Reading(format, unpacked.Source, unpacked.Offset, outer.Member.Bytes, name, limits, stop), null);

        if (ContainerMagic.HasDirectory(format))
        {
            var held = HeldBytes.Read(outer, head, pool, limits, out fault);
            return held is null ? null : new(Reading(format, held, 0, held.Bytes, name, limits, stop), held);
        }

        var rest = new PushbackStream(head.ToArray(), new MemberStream(outer));
        return new(format == ContainerFormat.Tar ? new TarReader(rest, limits) : new CompressedReader(format, rest, name, limits), null);
    }

    public void Dispose()
    {
        Reader.Dispose();
        _held?.Dispose();
    }

    private static ContainerReader Reading(
        ContainerFormat format, ByteSource source, long offset, long bytes, byte[] name, ArchiveLimits limits, CancellationToken stop) => format switch
        {
            ContainerFormat.Zip => new ZipReader(source, offset, bytes, limits, stop),
            ContainerFormat.SevenZip => new SevenZipReader(source, offset, bytes, limits, stop),
            ContainerFormat.Tar => new TarReader(source, offset, bytes, limits, stop),
            _ => new CompressedReader(format, new SliceStream(source, offset, bytes, stop), name, limits),
        };
}
