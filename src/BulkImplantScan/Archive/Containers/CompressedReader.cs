using SharpCompress.Compressors.BZip2;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BulkImplantScan.Archive.Containers;

/// <summary>What gzip, zstd or bzip2 has packed: a tar, or one file.</summary>
/// <param name="format">Which of them.</param>
/// <param name="packed">The packed bytes.</param>
/// <param name="name">Name of the container; that of the one file is made of it.</param>
/// <param name="limits">How far it may unpack.</param>
internal sealed class CompressedReader(ContainerFormat format, Stream packed, byte[] name, ArchiveLimits limits) : ContainerReader
{
    private static readonly byte[][] Endings = [".gz"u8.ToArray(), ".zst"u8.ToArray(), ".bz2"u8.ToArray()];

    private ContainerReader? _inner;

    public override bool HasDirectory => false;

    /// <summary>Of a single file that is no film, nobody needs the rest.</summary>
    public override bool IsReadThrough => _inner is not SingleReader;

    private ContainerReader Inner => _inner ??= Open();

    public override void Dispose()
    {
        _inner?.Dispose();
        packed.Dispose();
    }

    protected internal override ContainerMember? Next() => Inner.Next();

    protected internal override ContainerMember? Find(long at) => Inner.Find(at);

    protected internal override int ReadContent(Span<byte> target) => Inner.ReadContent(target);

    private ContainerReader Open()
    {
        var from = new PushbackStream([], packed);
        var unpacked = new UnpackedStream(Unpack(from), from, new(limits));
        var head = new byte[ContainerMagic.HeadBytes];
        var length = unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PushbackStream(head[..length], unpacked);
        return TarHeader.IsHeader(head.AsSpan(0, length)) ? new TarReader(whole, limits) : new SingleReader(whole, NameOfOne(name));
    }

    private Stream Unpack(PushbackStream from)
    {
        switch (format)
        {
            case ContainerFormat.Gzip:
                return new GzipUnpacking(from);
            case ContainerFormat.Zstandard:
                var zstd = new DecompressionStream(from, leaveOpen: false);
                zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, (int)Math.Log2(limits.WindowBytes));
                return zstd;
            default:
                return BZip2Stream.Create(from, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true);
        }
    }

    /// <summary>Last name of the path, without the ending that the compressor has put on.</summary>
    private static byte[] NameOfOne(ReadOnlySpan<byte> container)
    {
        var name = container[(container.LastIndexOf((byte)'/') + 1)..];
        foreach (var ending in Endings)
            if (name.Length > ending.Length && name.EndsWith(ending)) return name[..^ending.Length].ToArray();
        return name.ToArray();
    }
}
