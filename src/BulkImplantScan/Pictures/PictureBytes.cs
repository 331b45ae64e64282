using BulkImplantScan.Archive;

namespace BulkImplantScan.Pictures;

/// <summary>The bytes of a picture: all of them in memory, or the first ones and a way to the rest.</summary>
/// <remarks>The directory of a TIFF file mostly lies at its end: the index reads that, and not the pixels before it.</remarks>
internal readonly ref struct PictureBytes
{
    private readonly ReadOnlySpan<byte> _first;
    private readonly ByteSource? _file;
    private readonly long _start;

    /// <summary>A picture whose rest is read when needed.</summary>
    /// <param name="first">Its first bytes.</param>
    /// <param name="file">Gives what is not in <paramref name="first"/>.</param>
    public PictureBytes(ReadOnlySpan<byte> first, ByteSource file) : this(first, 0, file.Bytes, file)
    {
    }

    /// <summary>A picture that is in memory as a whole.</summary>
    public PictureBytes(ReadOnlySpan<byte> whole) : this(whole, 0, whole.Length, null)
    {
    }

    private PictureBytes(ReadOnlySpan<byte> first, long start, long length, ByteSource? file)
    {
        _first = first;
        (_start, Length, _file) = (start, length, file);
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

        return _file is not null && _file.TryRead(target, place, out var read) && read == target.Length;
    }

    /// <summary>A part of it, which must lie inside; its offsets count from <paramref name="offset"/>.</summary>
    public PictureBytes Slice(long offset, long length) => new(_first, _start + offset, length, _file);
}
