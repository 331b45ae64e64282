namespace BulkImplantScan.Archive.Containers;

/// <summary>The rest of the member that a reader stands at, as a stream: for a container in it.</summary>
internal sealed class MemberStream(ContainerReader reader) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        var read = reader.Read(buffer);
        return read == 0 && reader.MemberFault is { } fault ? throw new ContainerFaultException(fault.Reason, fault.Detail) : read;
    }
}
