namespace BulkImplantScan.Archive.Containers;

/// <summary>The member that a reader stands at, as bytes that are read front to back.</summary>
internal sealed class MemberSource(ContainerReader reader) : ByteSource
{
    public override long Bytes => reader.Member.Bytes >= 0 ? reader.Member.Bytes : long.MaxValue;

    public override bool TryRead(Span<byte> target, long offset, out int read)
    {
        if (offset != reader.Position) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"at {reader.Position}");
        read = 0;
        while (read < target.Length && reader.Read(target[read..]) is > 0 and var more) read += more;
        return reader.MemberFault is null;
    }
}
