using System.Buffers.Binary;

namespace BulkImplantScan.Phantoms.Writing;

/// <summary>DICOM RLE of one 16-bit grey frame: two segments, high bytes first (PS3.5 annex G).</summary>
internal static class RleLossless
{
    private const int HeaderBytes = 64;

    /// <summary>Encodes; each row is packed by itself, as the standard asks.</summary>
    public static byte[] Encode(ReadOnlySpan<ushort> samples, int rows, int columns)
    {
        var target = new MemoryStream(samples.Length * 2);
        target.Write(new byte[HeaderBytes]);
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header, 2);
        var plane = new byte[columns];
        for (var segment = 0; segment < 2; segment++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[(4 + 4 * segment)..], (int)target.Position);
            for (var row = 0; row < rows; row++)
            {
                var line = samples.Slice(row * columns, columns);
                for (var x = 0; x < columns; x++) plane[x] = (byte)(segment == 0 ? line[x] >> 8 : line[x]);
                Pack(plane, target);
            }

            if ((target.Position & 1) == 1) target.WriteByte(0);
        }

        target.Position = 0;
        target.Write(header);
        return target.ToArray();
    }

    private static void Pack(ReadOnlySpan<byte> line, MemoryStream target)
    {
        var start = 0;
        while (start < line.Length)
        {
            var run = 1;
            while (start + run < line.Length && run < 128 && line[start + run] == line[start]) run++;
            if (run > 1)
            {
                target.WriteByte((byte)(257 - run));
                target.WriteByte(line[start]);
                start += run;
                continue;
            }

            // Literal bytes until a run of three begins: shorter runs cost more than they save.
            var end = start + 1;
            while (end < line.Length && end - start < 128
                && !(end + 2 < line.Length && line[end] == line[end + 1] && line[end] == line[end + 2])) end++;
            target.WriteByte((byte)(end - start - 1));
            target.Write(line[start..end]);
            start = end;
        }
    }
}
