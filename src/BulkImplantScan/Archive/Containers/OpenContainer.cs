using BulkImplantScan.Imaging;

namespace BulkImplantScan.Archive.Containers;

/// <summary>A container that is being read, with what it needs in memory.</summary>
internal sealed class OpenContainer : IDisposable
{
    private readonly HeldBytes? _held;
    private readonly UnpackBudget? _budget;

    private OpenContainer(ContainerReader reader, UnpackBudget budget, HeldBytes? held)
    {
        // A plain tar books nothing: its members' bytes are its own.
        (Reader, _budget, _held) = (reader, reader is TarReader ? null : budget, held);
    }

    /// <summary>Its members.</summary>
    public ContainerReader Reader { get; }

    /// <summary>Opens a container that is a file.</summary>
    /// <param name="format">Not None.</param>
    /// <param name="source">The file; stays the caller's.</param>
    /// <param name="name">Its name: that of the one file in a <c>.gz</c> is made of it.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="stop">Ends any read of it.</param>
    public static OpenContainer Of(ContainerFormat format, ByteSource source, byte[] name, ArchiveLimits limits, CancellationToken stop)
    {
        var budget = new UnpackBudget(limits);
        return new(Reading(format, source, 0, source.Bytes, name, budget, limits, stop), budget, null);
    }

    /// <summary>Opens a container that is a member of another.</summary>
    /// <param name="format">Not None.</param>
    /// <param name="outer">Its reader stands at the member, and is not moved while the inner one is read.</param>
    /// <param name="head">What was read of the member already.</param>
    /// <param name="pool">Gives memory where it has to be held.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="stop">Ends any read of it.</param>
    /// <param name="fault">Why null is returned.</param>
    public static OpenContainer? In(
        ContainerFormat format, OpenContainer outer, ReadOnlySpan<byte> head, PixelBufferPool pool, ArchiveLimits limits, CancellationToken stop,
        out ContainerFault? fault)
    {
        fault = null;
        var reader = outer.Reader;
        var (name, budget) = (reader.Member.Name, new UnpackBudget(limits, outer._budget));
        if (reader.Unpacked is { } unpacked)
            return new(Reading(format, unpacked.Source, unpacked.Offset, reader.Member.Bytes, name, budget, limits, stop), budget, null);

        if (ContainerMagic.HasDirectory(format))
        {
            var held = HeldBytes.Read(reader, head, pool, limits, out fault);
            return held is null ? null : new(Reading(format, held, 0, held.Bytes, name, budget, limits, stop), budget, held);
        }

        var rest = new PushbackStream(head.ToArray(), new MemberStream(reader));
        return new(format == ContainerFormat.Tar ? new TarReader(rest, limits) : new CompressedReader(format, rest, name, budget, limits), budget, null);
    }

    public void Dispose()
    {
        Reader.Dispose();
        _held?.Dispose();
    }

    private static ContainerReader Reading(
        ContainerFormat format, ByteSource source, long offset, long bytes, byte[] name, UnpackBudget budget, ArchiveLimits limits,
        CancellationToken stop) => format switch
        {
            ContainerFormat.Zip => new ZipReader(source, offset, bytes, budget, limits, stop),
            ContainerFormat.SevenZip => new SevenZipReader(source, offset, bytes, budget, limits, stop),
            ContainerFormat.Tar => new TarReader(source, offset, bytes, limits, stop),
            _ => new CompressedReader(format, new SliceStream(source, offset, bytes, stop), name, budget, limits),
        };
}
