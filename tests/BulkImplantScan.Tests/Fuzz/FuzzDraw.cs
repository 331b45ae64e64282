namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Random numbers of one case: SplitMix64 (Steele, Lea, Flood 2014, OOPSLA). The same on every runtime, and cheap to seed.</summary>
internal struct FuzzDraw(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The draw of a case: neighbouring cases have nothing in common.</summary>
    public static FuzzDraw Of(ulong seed, long number)
    {
        var draw = new FuzzDraw(seed ^ (ulong)number * 0xD1342543DE82EF95);
        draw.Next();
        return draw;
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>[0, <paramref name="count"/>); 0 when there is nothing to choose from.</summary>
    public int Below(int count) => count <= 1 ? 0 : (int)(Next() % (uint)count);

    public bool OneIn(int count) => Below(count) == 0;

    public T Of<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)Next();
        return bytes;
    }
}
