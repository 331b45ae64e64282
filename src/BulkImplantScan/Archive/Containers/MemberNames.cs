using System.IO.Hashing;

namespace BulkImplantScan.Archive.Containers;

/// <summary>The names seen in one container: some give one name to several members, and a DICOMDIR lists names.</summary>
/// <remarks>Hashes of 16 bytes, as there may be a million.</remarks>
internal sealed class MemberNames
{
    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>Notes a name.</summary>
    /// <returns>How many before had it, capitals aside.</returns>
    public int Add(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        var before = _seen.GetValueOrDefault(hash);
        _seen[hash] = before + 1;
        return before;
    }

    /// <summary>True when there is a member of this name, capitals aside.</summary>
    public bool Contains(ReadOnlySpan<byte> name) => _seen.ContainsKey(Hash(name));

    private static UInt128 Hash(ReadOnlySpan<byte> name)
    {
        var folded = new List<byte>(name.Length);
        foreach (var range in name.Split((byte)'/'))
        {
            var part = name[range];
            if (part.IsEmpty || part.SequenceEqual("."u8)) continue; // "./a" of tar . is "a"
            folded.Add((byte)'/');
            folded.AddRange(DicomdirReference.Fold(part));
        }

        return XxHash128.HashToUInt128(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(folded));
    }
}
