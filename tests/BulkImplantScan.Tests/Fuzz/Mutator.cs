using System.Buffers.Binary;
using System.Text;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Breaks a seed where it hurts: knows elements, items, pixel attributes, offset tables, fragments and codestreams.</summary>
/// <remarks>Each mutation gives edits in places of the seed as it was, so that what stayed the same is known.</remarks>
internal sealed class Mutator(FuzzSeeds seeds)
{
    private static readonly uint[] PixelAttributes =
    [
        0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011, 0x00280030, 0x00280034, 0x00280100, 0x00280101,
        0x00280102, 0x00280103, 0x00280120, 0x00280121, 0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00281056, 0x00283002,
        0x00283006, 0x20500020, 0x00281101, 0x00281201,
    ];

    private static readonly uint[] Tags =
    [
        SeedPart.Item, SeedPart.ItemEnd, SeedPart.SequenceEnd, SeedPart.Pixels, 0x7FE00008, 0x7FE00009, 0x7FE00001, 0x00020010,
        0x00041220, 0x00080005, 0x00080018, 0x00283000, 0x00283010, 0x52009229, 0x52009230, 0x00880200, 0xFFFCFFFC, 0, 0xFFFFFFFF,
        0x60003000, 0x00181600, .. PixelAttributes,
    ];

    private static readonly string[] Vrs =
    [
        "OB", "OW", "OF", "OV", "SQ", "UN", "UT", "US", "SS", "UL", "FD", "DS", "IS", "CS", "LO", "UI", "??", "\0\0", "us", "ZZ", "  ",
    ];

    private static readonly string[] Syntaxes =
    [
        "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.1.98",
        "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
        "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
        "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.112",
        "1.2.840.10008.1.2.8.1", "", "nonsense",
    ];

    private static readonly string[] Texts =
    [
        "", "0", "1", "2", "-1", "+5", "65535", "65536", "2147483648", "99999999999999999999", "1e309", "-1e308", "1e-320", "NaN", "inf",
        "0x10", "1.5", " 7 ", "\\", "\\\\\\", "1\\2", "\0\0", "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL_422",
        "YBR_FULL", "SIGMOID", "LINEAR_EXACT", "INVERSE", "ISO_IR 192", "ISO 2022 IR 87", "GB18030", "\u00FF\u00FE\u00E4", "20200230", "999Y",
    ];

    private static readonly ushort[] Words =
        [0, 1, 2, 3, 4, 7, 8, 9, 11, 12, 15, 16, 17, 24, 31, 32, 33, 64, 255, 256, 1023, 4095, 4096, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];

    /// <summary>Edits of one case, settled.</summary>
    public void Mutate(FuzzSeed seed, bool isFilm, ref FuzzDraw draw, List<Edit> edits)
    {
        edits.Clear();
        var count = 1;
        while (count < 8 && draw.OneIn(2)) count++;
        var hasCodestream = seed.Map.Items.Count > 1;
        for (var i = 0; i < count; i++)
        {
            if (!isFilm || seed.Map.PixelData is null || draw.OneIn(3)) MutateHeader(seed, ref draw, edits);
            else if (hasCodestream) MutateEncapsulated(seed, ref draw, edits);
            else MutateNative(seed, ref draw, edits);
        }

        Edit.Settle(edits);
    }

    private void MutateHeader(FuzzSeed seed, ref FuzzDraw draw, List<Edit> edits)
    {
        var map = seed.Map;
        var headerEnd = map.PixelData?.ValueAt ?? seed.Bytes.Length;
        if (map.Parts.Count == 0)
        {
            FlipBytes(seed, 0, seed.Bytes.Length, ref draw, edits);
            return;
        }

        var part = map.Parts[draw.Below(map.Parts.Count)];
        switch (draw.Below(24))
        {
            case 0 or 1: FlipBytes(seed, 0, headerEnd, ref draw, edits); break;
            case 2 or 3 or 4: LieAboutLength(seed, part, ref draw, edits); break;
            case 5: LieAboutVr(part, ref draw, edits); break;
            case 6: edits.Add(new(part.Start, 4, TagBytes(draw.Of<uint>(Tags), part.IsBigEndian))); break;
            case 7: edits.Add(new(part.Start, part.End - part.Start, default)); break;
            case 8: edits.Add(Copy(Boundary(map, ref draw), 0, seed, part.Start, part.End)); break;
            case 9:
                edits.Add(new(part.Start, part.End - part.Start, default));
                edits.Add(Copy(Boundary(map, ref draw), 0, seed, part.Start, part.End));
                break;
            case 10 or 11: LieAboutValue(part, ref draw, edits); break;
            case 12 or 13 or 14 or 15: LieAboutPixels(map, ref draw, edits); break;
            case 16: InsertDelimiter(map, ref draw, edits); break;
            case 17: Nest(map, ref draw, edits); break;
            case 18: SwapSyntax(map, ref draw, edits); break;
            case 19: TurnBytes(seed, part, ref draw, edits); break;
            case 20: Truncate(seed, part.Start, part.End, ref draw, edits); break;
            case 21: Splice(map, ref draw, edits); break;
            case 22: DamageStart(seed, ref draw, edits); break;
            default:
                var at = Boundary(map, ref draw);
                edits.Add(new(at, 0, draw.OneIn(2) ? new byte[draw.Below(64)] : draw.Bytes(draw.Below(64))));
                break;
        }
    }

    private static void MutateNative(FuzzSeed seed, ref FuzzDraw draw, List<Edit> edits)
    {
        var pixels = seed.Map.PixelData!.Value;
        switch (draw.Below(8))
        {
            case 0: LieAboutLength(seed, pixels, ref draw, edits); break;
            case 1: Truncate(seed, pixels.ValueAt, pixels.End, ref draw, edits); break;
            case 2: LieAboutVr(pixels, ref draw, edits); break;
            case 3: LieAboutPixels(seed.Map, ref draw, edits); break;
            default: FlipBytes(seed, pixels.ValueAt, pixels.End, ref draw, edits); break;
        }
    }

    private static void MutateEncapsulated(FuzzSeed seed, ref FuzzDraw draw, List<Edit> edits)
    {
        var map = seed.Map;
        var item = map.Items[draw.Below(map.Items.Count)];
        var other = map.Items[draw.Below(map.Items.Count)];
        switch (draw.Below(20))
        {
            case 0: LieAboutLength(seed, item, ref draw, edits); break;
            case 1: edits.Add(new(item.Start, item.End - item.Start, default)); break;
            case 2: edits.Add(Copy(other.Start, 0, seed, item.Start, item.End)); break;
            case 3:
                edits.Add(new(item.Start, item.End - item.Start, default));
                edits.Add(Copy(other.End, 0, seed, item.Start, item.End));
                break;
            case 4: SplitFragment(item, ref draw, edits); break;
            case 5: edits.Add(new(draw.OneIn(2) ? item.Start : item.End, 0, ItemBytes(SeedPart.Item, draw.OneIn(2) ? 0 : (uint)draw.Next()))); break;
            case 6 or 7: LieAboutOffsets(map, ref draw, edits); break;
            case 8: Truncate(seed, item.Start, item.End, ref draw, edits); break;
            case 9: edits.Add(new(item.Start, 4, TagBytes(draw.Of<uint>(Tags), false))); break;
            case 10: LieAboutPixels(map, ref draw, edits); break;
            default: MutateCodestream(seed, ref draw, edits); break;
        }
    }

    private static void MutateCodestream(FuzzSeed seed, ref FuzzDraw draw, List<Edit> edits)
    {
        var map = seed.Map;
        if (map.Spots.Count == 0)
        {
            FlipBytes(seed, map.PixelData!.Value.ValueAt, seed.Bytes.Length, ref draw, edits);
            return;
        }

        var spot = map.Spots[draw.Below(map.Spots.Count)];
        var length = spot.End - spot.At;
        switch (spot.Kind)
        {
            case CodestreamSpot.Kinds.RleHeader:
                var numbers = (uint[])[0, 1, 2, 3, 6, 15, 16, 63, 64, 65, (uint)draw.Below(4096), 0x7FFFFFFF, 0xFFFFFFFF];
                edits.Add(new(spot.At + 4 * draw.Below(4), 4, BitConverter.GetBytes(draw.Of<uint>(numbers))));
                break;
            case CodestreamSpot.Kinds.Segment when length > 2 && !draw.OneIn(4):
                // A length, a code, or a parameter: all of a segment's bytes matter.
                if (draw.OneIn(6)) edits.Add(new(spot.At + 2, 2, BigWord(draw.Of<ushort>(Words))));
                else if (draw.OneIn(4) && length > 5) edits.Add(new(spot.At + 4 + draw.Below(length - 5), 2, BigWord(draw.Of<ushort>(Words))));
                else FlipBytes(seed, spot.At, spot.End, ref draw, edits);
                break;
            case CodestreamSpot.Kinds.Segment:
                var other = map.Spots[draw.Below(map.Spots.Count)];
                if (draw.OneIn(2)) edits.Add(new(spot.At, length, default));
                else edits.Add(Copy(other.At, 0, seed, spot.At, spot.End));
                break;
            default:
                var at = spot.At + draw.Below(length);
                switch (draw.Below(6))
                {
                    case 0: edits.Add(new(at, Math.Min(2, spot.End - at), (byte[])[0xFF, (byte)(0xC0 + draw.Below(64))])); break;
                    case 1: edits.Add(new(at, Math.Min(1 + draw.Below(64), spot.End - at), default)); break;
                    case 2: edits.Add(new(at, 0, draw.Bytes(1 + draw.Below(64)))); break;
                    default: FlipBytes(seed, spot.At, spot.End, ref draw, edits); break;
                }

                break;
        }
    }

    private static void FlipBytes(FuzzSeed seed, int from, int to, ref FuzzDraw draw, List<Edit> edits)
    {
        if (to <= from) return;
        var at = from + draw.Below(to - from);
        var count = draw.OneIn(4) ? Math.Min(1 + draw.Below(16), to - at) : 1;
        var bytes = seed.Bytes.AsSpan(at, count).ToArray();
        for (var i = 0; i < count; i++)
        {
            bytes[i] = draw.Below(6) switch
            {
                0 => 0xFF,
                1 => 0,
                2 => 0x80,
                3 => (byte)draw.Next(),
                _ => (byte)(bytes[i] ^ 1 << draw.Below(8)),
            };
        }

        edits.Add(new(at, count, bytes));
    }

    private static void LieAboutLength(FuzzSeed seed, SeedPart part, ref FuzzDraw draw, List<Edit> edits)
    {
        var rest = (uint)(seed.Bytes.Length - part.ValueAt);
        var length = (uint)part.Length;
        var lies = (uint[])
        [
            0, 1, 2, length + 1, length - 1, length + 2, length - 2, length * 2, rest, rest + 1, rest - 1, (uint)seed.Bytes.Length,
            uint.MaxValue, uint.MaxValue - 1, 0x7FFFFFFF, 0x80000000, 0x7FFFFFF0, 0xFFFF, 0x8000, (uint)draw.Below(4096), (uint)draw.Next(),
        ];
        edits.Add(Number(part.LengthAt, part.LengthBytes, draw.Of<uint>(lies), part.IsBigEndian));
    }

    private static void LieAboutVr(SeedPart part, ref FuzzDraw draw, List<Edit> edits)
    {
        if (part.Vr != 0) edits.Add(new(part.Start + 4, 2, Encoding.Latin1.GetBytes(draw.Of<string>(Vrs))));
    }

    private static void LieAboutValue(SeedPart part, ref FuzzDraw draw, List<Edit> edits)
    {
        if (!part.IsLeaf || part.Length == 0) return;
        if (part.Length == 2 && draw.OneIn(2))
        {
            edits.Add(Number(part.ValueAt, 2, draw.Of<ushort>(Words), part.IsBigEndian));
            return;
        }

        var text = draw.OneIn(12) ? new string('9', draw.Below(2000)) : draw.Of<string>(Texts);
        if (draw.OneIn(2))
        {
            // In the room that is there, padded.
            var kept = Encoding.Latin1.GetBytes(text.PadRight(part.Length)[..part.Length]);
            edits.Add(new(part.ValueAt, part.Length, kept));
            return;
        }

        var bytes = Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + " ");
        edits.Add(Number(part.LengthAt, part.LengthBytes, (uint)bytes.Length, part.IsBigEndian));
        edits.Add(new(part.ValueAt, part.Length, bytes));
    }

    private static void LieAboutPixels(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        var tag = draw.Of<uint>(PixelAttributes);
        foreach (var part in map.Parts)
        {
            if (part.Tag != tag || part.Length == 0) continue;
            if (part.Length % 2 == 0 && tag is not (0x00280004 or 0x00280008 or 0x20500020) && part.Length <= 6 && !draw.OneIn(6))
                edits.Add(Number(part.ValueAt + 2 * draw.Below(part.Length / 2), 2, draw.Of<ushort>(Words), part.IsBigEndian));
            else LieAboutValue(part, ref draw, edits);
            return;
        }
    }

    private static void InsertDelimiter(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        var tag = draw.Of<uint>([SeedPart.Item, SeedPart.ItemEnd, SeedPart.SequenceEnd]);
        edits.Add(new(Boundary(map, ref draw), 0, ItemBytes(tag, draw.Of<uint>([0, 0, 8, 0xFFFFFFFF, 0x7FFFFFFF, 3]))));
    }

    private static void Nest(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        var levels = draw.OneIn(10) ? 2000 : draw.Below(80);
        var isExplicit = map.TransferSyntax != "1.2.840.10008.1.2";
        var bytes = new List<byte>();
        for (var level = 0; level < levels; level++)
        {
            bytes.AddRange(isExplicit
                ? [0x08, 0, 0x18, 0x22, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
                : (ReadOnlySpan<byte>)[0x08, 0, 0x18, 0x22, 0xFF, 0xFF, 0xFF, 0xFF]);
            bytes.AddRange((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        }

        if (!draw.OneIn(3))
            for (var level = 0; level < levels; level++)
                bytes.AddRange((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        edits.Add(new(Boundary(map, ref draw), 0, bytes.ToArray()));
    }

    private static void SwapSyntax(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        foreach (var part in map.Parts)
        {
            if (part.Tag != 0x00020010) continue;
            var uid = draw.Of<string>(Syntaxes);
            var bytes = Encoding.Latin1.GetBytes(uid.Length % 2 == 0 ? uid : uid + "\0");
            edits.Add(Number(part.LengthAt, part.LengthBytes, (uint)bytes.Length, false));
            edits.Add(new(part.ValueAt, part.Length, bytes));
            return;
        }
    }

    private static void TurnBytes(FuzzSeed seed, SeedPart part, ref FuzzDraw draw, List<Edit> edits)
    {
        var (at, count) = draw.Below(3) switch
        {
            0 => (part.Start, 2),
            1 => (part.LengthAt, part.LengthBytes),
            _ => (part.ValueAt, Math.Min(part.Length, 8)),
        };
        var bytes = seed.Bytes.AsSpan(at, count).ToArray();
        Array.Reverse(bytes);
        edits.Add(new(at, count, bytes));
    }

    private static void Truncate(FuzzSeed seed, int start, int end, ref FuzzDraw draw, List<Edit> edits)
    {
        var at = Math.Clamp(draw.Below(5) switch
        {
            0 => start,
            1 => start + draw.Below(13),
            2 => end - 1,
            3 => end,
            _ => start + draw.Below(Math.Max(1, end - start)),
        }, 0, seed.Bytes.Length);
        edits.Add(new(at, seed.Bytes.Length - at, default));
    }

    private void Splice(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        var other = seeds.Header(ref draw);
        if (other.Map.Parts.Count == 0) return;
        var from = other.Map.Parts[draw.Below(other.Map.Parts.Count)];
        var into = map.Parts[draw.Below(map.Parts.Count)];
        var end = Math.Min(Math.Max(from.End, from.Start + draw.Below(2048)), other.Bytes.Length);
        if (end - from.Start > 8192) end = from.Start + 8192;
        edits.Add(Copy(into.Start, draw.OneIn(2) ? into.End - into.Start : 0, other, from.Start, end));
    }

    private static void DamageStart(FuzzSeed seed, ref FuzzDraw draw, List<Edit> edits)
    {
        switch (draw.Below(4))
        {
            case 0: edits.Add(new(0, Math.Min(seed.Bytes.Length, 132), default)); break;
            case 1: edits.Add(new(0, Math.Min(seed.Bytes.Length, seed.Map.DataSetAt), default)); break;
            case 2: FlipBytes(seed, Math.Min(128, seed.Bytes.Length), Math.Min(132, seed.Bytes.Length), ref draw, edits); break;
            default: FlipBytes(seed, 0, seed.Map.DataSetAt, ref draw, edits); break;
        }
    }

    private static void SplitFragment(SeedPart item, ref FuzzDraw draw, List<Edit> edits)
    {
        if (item.Length < 4) return;
        var first = 1 + draw.Below(item.Length - 1);
        if (!draw.OneIn(3)) first &= ~1;
        edits.Add(Number(item.LengthAt, 4, (uint)first, false));
        edits.Add(new(item.ValueAt + first, 0, ItemBytes(SeedPart.Item, (uint)(item.Length - first))));
    }

    private static void LieAboutOffsets(SeedMap map, ref FuzzDraw draw, List<Edit> edits)
    {
        // Offsets of other fragments are the lies that are hardest to see through.
        var fragments = map.Fragments.ToArray();
        if (fragments.Length == 0) return;
        var lie = draw.OneIn(3)
            ? (uint)draw.Next() >> draw.Below(32)
            : (uint)(fragments[draw.Below(fragments.Length)].Start - fragments[0].Start);
        foreach (var part in map.Parts)
        {
            if (part.Tag != 0x7FE00001 || part.Length < 8) continue;
            edits.Add(Number(part.ValueAt + 8 * draw.Below(part.Length / 8), 4, lie, false));
            return;
        }

        var table = map.Items[0];
        if (table.Length >= 4 && !draw.OneIn(8))
        {
            edits.Add(Number(table.ValueAt + 4 * draw.Below(table.Length / 4), 4, lie, false));
            return;
        }

        // A table where there was none, or another in its place.
        var offsets = fragments.SelectMany(f => BitConverter.GetBytes(f.Start - fragments[0].Start)).ToArray();
        edits.Add(Number(table.LengthAt, 4, (uint)offsets.Length, false));
        edits.Add(new(table.ValueAt, table.Length, offsets));
    }

    private static int Boundary(SeedMap map, ref FuzzDraw draw) => map.Parts[draw.Below(map.Parts.Count)].Start;

    private static Edit Copy(int at, int removed, FuzzSeed from, int start, int end) =>
        new(at, removed, from.Bytes.AsMemory(start, Math.Min(end - start, 1 << 16)), from, start);

    private static Edit Number(int at, int width, uint value, bool isBigEndian)
    {
        var bytes = BitConverter.GetBytes(value)[..width];
        if (isBigEndian) Array.Reverse(bytes);
        return new(at, width, bytes);
    }

    private static byte[] BigWord(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] TagBytes(uint tag, bool isBigEndian)
    {
        var bytes = new byte[4];
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, tag);
            return bytes;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)tag);
        return bytes;
    }

    private static byte[] ItemBytes(uint tag, uint length) => [.. TagBytes(tag, false), .. BitConverter.GetBytes(length)];
}
