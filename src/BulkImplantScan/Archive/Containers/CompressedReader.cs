namespace BulkImplantScan.Archive.Containers;

/// <summary>What gzip, zstd or bzip2 has packed: a tar, or one file.</summary>
/// <param name="format">Which of them.</param>
/// <param name="packed">The packed bytes.</param>
/// <param name="name">Name of the container; that of the one file is made of it.</param>
/// <param name="budget">How far it may unpack.</param>
/// <param name="limits">What it may cost.</param>
internal sealed class CompressedReader(ContainerFormat format, Stream packed, byte[] name, UnpackBudget budget, ArchiveLimits limits) : ContainerReader
{
    private static readonly byte[][] Endings = [".gz"u8.ToArray(), ".zst"u8.ToArray(), ".bz2"u8.ToArray()];

    private UnpackedStream? _unpacked;
    private ContainerReader? _inner;

    public override bool HasDirectory => false;

    /// <summary>Of a single file that is no film, nobody needs the rest.</summary>
    public override bool IsReadThrough => _inner is not SingleReader;

    private ContainerReader Inner => _inner ??= Open();

    public override void Dispose()
    {
        _inner?.Dispose();
        _unpacked?.Dispose();
        packed.Dispose();
    }

    protected internal override ContainerMember? Next() => Inner.Next();

    protected internal override ContainerMember? Find(long at) => Inner.Find(at);

    protected internal override int ReadContent(Span<byte> target) => Inner.ReadContent(target);

    private ContainerReader Open()
    {
        var from = new PushbackStream([], packed);
        _unpacked = new(Unpack(from), from, budget);
        var head = new byte[ContainerMagic.HeadBytes];
        var length = _unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PushbackStream(head[..length], _unpacked);
        return TarHeader.IsHeader(head.AsSpan(0, length)) ? new TarReader(whole, limits) : new SingleReader(whole, NameOfOne(name));
    }

    private Stream Unpack(PushbackStream from) => format switch
    {
        ContainerFormat.Gzip => new GzipUnpacking(from),
        ContainerFormat.Zstandard => Unpackers.Zstandard(from, limits),
        _ => Unpackers.Bzip2(from, isSeveral: true),
    };

    /// <summary>Last name of the path, without the ending that the compressor has put on.</summary>
    private static byte[] NameOfOne(ReadOnlySpan<byte> container)
    {
        var name = container[(container.LastIndexOf((byte)'/') + 1)..];
        foreach (var ending in Endings)
            if (name.Length > ending.Length && name.EndsWith(ending)) return name[..^ending.Length].ToArray();
        return name.ToArray();
    }
}
