namespace BulkImplantScan.Archive.Containers;

/// <summary>One compressed file, as gzip and zstd make of one, as a container of one member.</summary>
internal sealed class SingleReader(Stream content, byte[] name) : ContainerReader
{
    private bool _isGiven;

    public override bool HasDirectory => false;

    public override void Dispose() => content.Dispose();

    protected internal override ContainerMember? Next() => _isGiven ? null : Give();

    protected internal override ContainerMember? Find(long at) => _isGiven || at != 0 ? null : Give();

    protected internal override int ReadContent(Span<byte> target) => content.Read(target);

    private ContainerMember Give()
    {
        _isGiven = true;
        return new(name, 0, -1);
    }
}
