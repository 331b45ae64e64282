using System.Diagnostics;
using BulkImplantScan.Results;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace BulkImplantScan.Archive.Containers;

/// <summary>Reads a container member by member, front to back; what is wrong with it is a value.</summary>
/// <remarks>Nothing is ever written to a disk, and the name of a member is never used as a path. Not for several threads.</remarks>
internal abstract class ContainerReader : IDisposable
{
    private const int SkipBytes = 64 << 10;
    private byte[]? _skipped;
    private bool _isContentOver = true; // of no member yet

    /// <summary>Why the container cannot be read, or not further; null while nothing is wrong.</summary>
    public ContainerFault? Fault { get; private set; }

    /// <summary>Why the content of <see cref="Member"/> cannot be read, or not further.</summary>
    public ContainerFault? MemberFault { get; private set; }

    /// <summary>The member moved to.</summary>
    public ContainerMember Member { get; private set; }

    /// <summary>Bytes of the member read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The member's bytes where they lie unpacked in something that can be read at any offset; else null.</summary>
    public virtual (ByteSource Source, long Offset)? Unpacked => null;

    /// <summary>True when a fault in one member leaves the others readable.</summary>
    public abstract bool HasDirectory { get; }

    /// <summary>True when the content of a member has to be read, and so is checked, to get to the next one.</summary>
    public virtual bool IsReadThrough => !HasDirectory;

    /// <summary>Moves to the next member, over what was not read of the last one.</summary>
    /// <returns>False at the end; then <see cref="Fault"/> tells whether it is the true end.</returns>
    public bool MoveNext()
    {
        if (Fault is not null) return false;
        if (IsReadThrough) SkipRest();
        return Fault is null && Move(Next);
    }

    /// <summary>Moves to the member at <paramref name="at"/>.</summary>
    /// <returns>False when there is none, it lies behind a fault, or (without a <see cref="Fault"/>) it was passed already by
    /// what is read only front to back.</returns>
    public bool MoveTo(long at) => Fault is null && Move(() => Find(at));

    /// <summary>Reads on in the member.</summary>
    /// <returns>Bytes read; 0 at its end or at a fault of it. The end is told only when everything that guards the content
    /// (length, CRC) was right.</returns>
    public int Read(Span<byte> target)
    {
        if (MemberFault is not null || Fault is not null || _isContentOver || target.Length == 0) return 0;
        try
        {
            var read = ReadContent(target);
            Position += read;
            _isContentOver = read == 0;
            return read;
        }
        catch (Exception e) when (IsOfTheBytes(e))
        {
            MemberFault = FaultOf(e);
            if (!HasDirectory) Fault = MemberFault;
            return 0;
        }
    }

    /// <summary>Reads the rest of the member and forgets it: its end tells whether it is whole.</summary>
    public void SkipRest()
    {
        _skipped ??= new byte[SkipBytes];
        while (Read(_skipped) > 0)
        {
        }
    }

    /// <summary>Lets everything go but the source.</summary>
    public abstract void Dispose();

    /// <summary>The next member, null at the end. May throw what it likes.</summary>
    protected internal abstract ContainerMember? Next();

    /// <summary>The member at a place; null when it is not there, or behind.</summary>
    protected internal abstract ContainerMember? Find(long at);

    /// <summary>Content of the member moved to; 0 at its end. Throws when it breaks off.</summary>
    protected internal abstract int ReadContent(Span<byte> target);

    private bool Move(Func<ContainerMember?> move)
    {
        try
        {
            (MemberFault, Position, _isContentOver) = (null, 0, false);
            if (move() is not { } member) return false;
            Member = member;
            return true;
        }
        catch (Exception e) when (IsOfTheBytes(e))
        {
            Fault = FaultOf(e);
            return false;
        }
    }

    // The one place where the rule "input never throws" is kept for containers. Decompressors by others (.NET, SharpCompress,
    // ZstdSharp) answer hostile bytes with exceptions of any type, also with those of a bug, and not one of them promises a
    // closed list. So every type counts as damage but those that are not of the bytes: cancellation, and memory that is short
    // (sizes are bounded before, so that would be of the machine).
    private static bool IsOfTheBytes(Exception e) => e is not (OperationCanceledException or OutOfMemoryException or UnreachableException);

    private static ContainerFault FaultOf(Exception e) => e switch
    {
        ContainerFaultException known => known.Fault,
        ZstdException { Code: ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge } => new(Reason.Limits, "window"),
        EndOfStreamException => new(Reason.DamagedArchive, "truncated"),
        _ => new(Reason.DamagedArchive, "corrupt"),
    };
}
