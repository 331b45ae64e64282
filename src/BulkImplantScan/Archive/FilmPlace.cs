using System.Buffers.Binary;

namespace BulkImplantScan.Archive;

/// <summary>Where a film lies: in which archive, at which path, and if it lies in a container, where in that.</summary>
/// <param name="Root">Number of the archive, from 0, in the order in which the run names them.</param>
/// <param name="Path">Below the archive's root.</param>
internal sealed record FilmPlace(int Root, byte[] Path)
{
    private const byte MemberMark = 1, ListedMark = 2;
    private byte[]? _key;

    /// <summary>Where in the container at <see cref="Path"/>; null when it is the file itself.</summary>
    public ArchiveMember? Member { get; private init; }

    /// <summary>Where in the container that <see cref="Member"/> is; else null.</summary>
    public ArchiveMember? Nested { get; private init; }

    /// <summary>What tells places apart, for <see cref="Results.Pseudonyms.Film"/>: the path alone for a file of the first
    /// archive. A zero byte, which no path has, begins all else.</summary>
    public ReadOnlySpan<byte> Key => _key ?? (Root == 0 ? Path : [0, .. Number(Root), .. Path]);

    /// <summary>A member of the container that is here.</summary>
    /// <param name="member">Where.</param>
    /// <param name="occurrence">How many before it have its name.</param>
    public FilmPlace In(ArchiveMember member, int occurrence)
    {
        byte[] key = [.. Key, 0, MemberMark, .. Number(member.Name.Length), .. member.Name, .. Number(occurrence)];
        return Member is null ? this with { Member = member, _key = key } : this with { Nested = member, _key = key };
    }

    /// <summary>A file that is not there, beside the DICOMDIR at this place, which lists it.</summary>
    /// <param name="reference">As listed, <c>/</c> between names.</param>
    public FilmPlace Listed(byte[] reference)
    {
        byte[] key = [.. Key, 0, ListedMark, .. reference];
        return Nested is not null ? this with { Nested = new(Beside(Nested.Name), -1), _key = key }
            : Member is not null ? this with { Member = new(Beside(Member.Name), -1), _key = key }
            : this with { Path = Beside(Path), _key = key };

        byte[] Beside(ReadOnlySpan<byte> dicomdir) => [.. dicomdir[..(dicomdir.LastIndexOf((byte)'/') + 1)], .. reference];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
