using System.Buffers;
using System.Numerics;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>JPEG lossless, process 14, selection value 1, of one grey frame (ITU-T T.81 annex H).</summary>
/// <remarks>Two passes: the first counts difference categories, then a Huffman table is made for this film (T.81 K.2),
/// then the bits are written.</remarks>
internal static class JpegLossless
{
    private const int Categories = 17;

    /// <summary>Encodes samples below 2^<paramref name="bits"/>.</summary>
    public static byte[] Encode(ReadOnlySpan<ushort> samples, int rows, int columns, int bits)
    {
        Span<long> counts = stackalloc long[Categories + 1];
        counts.Clear();
        for (var row = 0; row < rows; row++)
        {
            var line = samples.Slice(row * columns, columns);
            int before = row == 0 ? 1 << (bits - 1) : samples[(row - 1) * columns];
            foreach (var sample in line)
            {
                counts[Category((short)(sample - before))]++;
                before = sample;
            }
        }

        counts[Categories] = 1; // a code that is never used, so that none is all ones
        var lengths = Lengths(counts);
        Span<byte> perLength = stackalloc byte[17];
        perLength.Clear();
        List<byte> order = [];
        Span<uint> codes = stackalloc uint[Categories];
        codes.Clear();
        uint code = 0;
        for (var length = 1; length <= 16; length++)
        {
            for (var category = 0; category < Categories; category++)
            {
                if (lengths[category] != length) continue;
                perLength[length]++;
                order.Add((byte)category);
                codes[category] = code++;
            }

            code <<= 1;
        }

        var target = new List<byte>(128);
        target.AddRange([0xFF, 0xD8, 0xFF, 0xC3, 0, 11, (byte)bits, (byte)(rows >> 8), (byte)rows, (byte)(columns >> 8), (byte)columns, 1, 1, 0x11, 0]);
        target.AddRange([0xFF, 0xC4, 0, (byte)(19 + order.Count), 0]);
        foreach (var count in perLength[1..]) target.Add(count);
        target.AddRange(order);
        target.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0]);

        // A code made for the film averages below 6 bits, and at most 15 more follow: 4 bytes hold that with its stuffing.
        var bytes = ArrayPool<byte>.Shared.Rent(target.Count + samples.Length * 4 + 64);
        target.CopyTo(bytes);
        var at = target.Count;
        ulong pending = 0;
        var held = 0;
        for (var row = 0; row < rows; row++)
        {
            var line = samples.Slice(row * columns, columns);
            int before = row == 0 ? 1 << (bits - 1) : samples[(row - 1) * columns];
            foreach (var sample in line)
            {
                int difference = (short)(sample - before); // modulo 2^16, as annex H asks
                before = sample;
                var category = Category(difference);
                // Extra bits: the difference, or its one's complement when negative; none for category 16.
                var extra = category == 16 ? 0 : category;
                var value = (uint)(difference < 0 ? difference - 1 : difference) & ((1u << extra) - 1);
                pending = (pending << (lengths[category] + extra)) | ((ulong)codes[category] << extra) | value;
                held += lengths[category] + extra;
                while (held >= 8)
                {
                    held -= 8;
                    var next = (byte)(pending >> held);
                    bytes[at++] = next;
                    if (next == 0xFF) bytes[at++] = 0;
                }
            }
        }

        if (held > 0)
        {
            var last = (byte)((pending << (8 - held)) | ((1u << (8 - held)) - 1));
            bytes[at++] = last;
            if (last == 0xFF) bytes[at++] = 0;
        }

        bytes[at++] = 0xFF;
        bytes[at++] = 0xD9;
        var encoded = bytes.AsSpan(0, at).ToArray();
        ArrayPool<byte>.Shared.Return(bytes);
        return encoded;
    }

    private static int Category(int difference)
    {
        var magnitude = (uint)Math.Abs(difference);
        return 32 - BitOperations.LeadingZeroCount(magnitude);
    }

    /// <summary>Code length of each category, 1 to 16, 0 where it does not occur (T.81 figures K.1 to K.3).</summary>
    private static int[] Lengths(Span<long> counts)
    {
        var sizes = new int[counts.Length];
        var others = new int[counts.Length];
        Array.Fill(others, -1);
        var left = counts.ToArray();
        while (true)
        {
            int least = Least(left, -1), next = Least(left, least);
            if (next < 0) break;
            left[least] += left[next];
            left[next] = 0;
            Deepen(least);
            var end = least;
            while (others[end] >= 0) end = others[end];
            others[end] = next;
            Deepen(next);
        }

        // At most 18 symbols of at most 2^26 samples: depths stay within 16 only if forced.
        while (sizes.Max() > 16)
        {
            var deepest = Array.IndexOf(sizes, sizes.Max());
            var shallow = Enumerable.Range(0, sizes.Length).Where(i => sizes[i] is > 0 and < 16).MaxBy(i => sizes[i]);
            sizes[deepest]--;
            sizes[shallow]++;
        }

        return sizes;

        void Deepen(int from)
        {
            for (var i = from; i >= 0; i = others[i]) sizes[i]++;
        }
    }

    private static int Least(long[] counts, int except)
    {
        var least = -1;
        for (var i = 0; i < counts.Length; i++)
            if (i != except && counts[i] > 0 && (least < 0 || counts[i] <= counts[least])) least = i;
        return least;
    }
}
