namespace BulkImplantScan.Pictures;

/// <summary>Reads more of a file into <paramref name="target"/>, as <c>OpenedFile.TryRead</c> does.</summary>
internal delegate bool ReadRest(Span<byte> target, long offset, out int read);

/// <summary>The bytes of a picture: all of them in memory, or the first ones and a way to the rest.</summary>
/// <remarks>The directory of a TIFF file mostly lies at its end: the index reads that, and not the pixels before it.</remarks>
internal readonly ref struct PictureBytes
{
    private readonly ReadOnlySpan<byte> _first;
    private readonly ReadRest? _rest;
    private readonly long _start;

    /// <summary>A picture that is in memory as a whole, or whose rest is read when needed.</summary>
    /// <param name="first">Its first bytes.</param>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="rest">Reads what is not in <paramref name="first"/>; null when that is all there is.</param>
    public PictureBytes(ReadOnlySpan<byte> first, long length, ReadRest? rest) : this(first, 0, length, rest)
    {
    }

    /// <summary>A picture that is in memory as a whole.</summary>
    public PictureBytes(ReadOnlySpan<byte> whole) : this(whole, 0, whole.Length, null)
    {
    }

    private PictureBytes(ReadOnlySpan<byte> first, long start, long length, ReadRest? rest)
    {
        _first = first;
        (_start, Length, _rest) = (start, length, rest);
    }

    /// <summary>Bytes that there are.</summary>
    public long Length { get; }

    /// <summary>Copies the bytes at a place.</summary>
    /// <param name="offset">≥ 0.</param>
    /// <param name="target">Filled when true is returned.</param>
    /// <returns>False when they lie behind the end, or cannot be read.</returns>
    public bool TryRead(long offset, Span<byte> target)
    {
        if (offset < 0 || offset > Length - target.Length) return false;
        var place = _start + offset;
        if (place <= _first.Length - target.Length)
        {
            _first.Slice((int)place, target.Length).CopyTo(target);
            return true;
        }

        return _rest is not null && _rest(target, place, out var read) && read == target.Length;
    }

    /// <summary>A part of it, which must lie inside; its offsets count from <paramref name="offset"/>.</summary>
    public PictureBytes Slice(long offset, long length) => new(_first, _start + offset, length, _rest);
}
