namespace BulkImplantScan.Archive.Containers;

/// <summary>A stream of which the first bytes were read already, and which can go back a little.</summary>
internal sealed class PushbackStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private const int BufferBytes = 8192; // as DeflateStream asks for

    private byte[] _bytes = head;
    private int _length = head.Length;
    private int _next;
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
            (_length, _next) = (0, 0);
            _length = rest.Read(_bytes, 0, BufferBytes);
        }

        var count = Math.Min(buffer.Length, _length - _next);
        _bytes.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    /// <summary>Looks for bytes among those taken last and those that follow at once, and goes behind them.</summary>
    /// <returns>False when they are not there; the position is as before then.</returns>
    public bool TryGoBehind(ReadOnlySpan<byte> pattern)
    {
        var window = new byte[_length + pattern.Length];
        _bytes.AsSpan(0, _length).CopyTo(window);
        (_bytes, _length) = (window, _length + rest.ReadAtLeast(window.AsSpan(_length), pattern.Length, throwOnEndOfStream: false));
        var at = _bytes.AsSpan(0, _length).IndexOf(pattern);
        if (at >= 0) _next = at + pattern.Length;
        return at >= 0;
    }

    /// <summary>The last bytes of all, once the end was reached.</summary>
    public ReadOnlySpan<byte> Last(int count) => _bytes.AsSpan(Math.Max(0, _length - count), Math.Min(count, _length));

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
