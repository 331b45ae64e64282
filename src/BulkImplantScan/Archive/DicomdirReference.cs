namespace BulkImplantScan.Archive;

/// <summary>A file that a DICOMDIR lists: Referenced File ID (0004,1500).</summary>
/// <param name="Path">As listed, from the DICOMDIR's own folder, <c>/</c> between names.</param>
/// <param name="IsInside">False when following it would leave that folder, or it is no path: it is looked for nowhere.</param>
internal readonly record struct DicomdirReference(byte[] Path, bool IsInside)
{
    private const int MaximumNames = 16; // the standard allows 8
    private const int MaximumBytes = 4096;

    /// <summary>Of the value as it stands in the file, <c>\</c> between names.</summary>
    public static DicomdirReference Of(ReadOnlySpan<byte> value)
    {
        var path = new List<byte>(Math.Min(value.Length, MaximumBytes));
        var (names, isInside) = (0, value.Length <= MaximumBytes);
        if (!isInside) value = value[..MaximumBytes];
        foreach (var range in value.Split((byte)'\\'))
        {
            var name = value[range].Trim(" \0"u8);
            isInside &= !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && name.IndexOfAny("/\0:"u8) < 0;
            if (names++ > 0) path.Add((byte)'/');
            path.AddRange(name);
        }

        return new([.. path], isInside && names <= MaximumNames);
    }

    /// <summary>A name as it is compared: media and the disks that they are copied to differ in capitals, and ISO 9660 puts
    /// a version (<c>;1</c>) and a dot behind.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> name)
    {
        var version = name.LastIndexOf((byte)';');
        if (version >= 0 && version + 1 < name.Length && !name[(version + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')) name = name[..version];
        name = name.TrimEnd((byte)'.');
        var folded = name.ToArray();
        foreach (ref var character in folded.AsSpan())
            if (character is >= (byte)'a' and <= (byte)'z') character -= 'a' - 'A';
        return folded;
    }
}
