namespace BulkImplantScan.Archive;

/// <summary>Where a film lies in a container (zip, tar, 7z, …).</summary>
/// <param name="Name">Path in the container, the container's own bytes. It is shown, and never used as a path of this machine.</param>
/// <param name="At">Where the reader finds it: byte of its header (zip, tar) or number (7z); −1 when it is not there at all.</param>
public sealed record ArchiveMember(byte[] Name, long At)
{
    /// <summary>Equal bytes, equal place.</summary>
    public bool Equals(ArchiveMember? other) => other is not null && At == other.At && Name.AsSpan().SequenceEqual(other.Name);

    /// <inheritdoc/>
    public override int GetHashCode() => At.GetHashCode();
}
