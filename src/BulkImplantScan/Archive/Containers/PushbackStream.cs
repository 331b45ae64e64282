namespace BulkImplantScan.Archive.Containers;

/// <summary>A stream of which the first bytes were read already, and which can go back a little.</summary>
internal sealed class PushbackStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private const int BufferBytes = 8192; // as DeflateStream asks for

    private byte[] _bytes = head;
    private int _length = head.Length;
    private int _next;
    private int _mark;
    private long _before;

    /// <summary>Bytes taken so far.</summary>
    public override long Position
    {
        get => _before + _next;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        if (_next == _length)
        {
            _before += _length;
            if (_bytes.Length < BufferBytes) _bytes = new byte[BufferBytes];
            (_length, _next, _mark) = (0, 0, 0);
            _length = rest.Read(_bytes, 0, BufferBytes);
        }

        var count = Math.Min(buffer.Length, _length - _next);
        _bytes.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    /// <summary>What was taken until here is not looked at by <see cref="TryGoBehind"/>.</summary>
    public void Mark() => _mark = _next;

    /// <summary>Looks for bytes among those taken last, from the mark on, and those that follow at once, and goes behind them.</summary>
    /// <param name="pattern">The bytes.</param>
    /// <param name="follower">Of several places, the first is meant behind which this stands, or nothing; else the first of all.</param>
    /// <returns>False when they are not there; the position is as before then.</returns>
    public bool TryGoBehind(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> follower)
    {
        var kept = _bytes.AsSpan(_mark, _length - _mark);
        var window = new byte[kept.Length + pattern.Length + follower.Length];
        kept.CopyTo(window);
        var length = kept.Length + rest.ReadAtLeast(window.AsSpan(kept.Length), window.Length - kept.Length, throwOnEndOfStream: false);
        (_bytes, _length, _next, _before, _mark) = (window, length, _next - _mark, _before + _mark, 0);
        var found = -1;
        for (var at = 0; window.AsSpan(at, length - at).IndexOf(pattern) is >= 0 and var further; at++)
        {
            at += further;
            var behind = window.AsSpan(at + pattern.Length, length - at - pattern.Length);
            var isMeant = behind.IsEmpty || behind.StartsWith(follower);
            if (isMeant || found < 0) found = at + pattern.Length;
            if (isMeant) break;
        }

        if (found >= 0) _next = found;
        return found >= 0;
    }

    /// <summary>The last bytes of all, once the end was reached.</summary>
    public ReadOnlySpan<byte> Last(int count) => _bytes.AsSpan(Math.Max(0, _length - count), Math.Min(count, _length));

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
