namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Where one element, item or delimiter lies in a seed.</summary>
/// <param name="Start">Its tag.</param>
/// <param name="LengthAt">Its length field.</param>
/// <param name="LengthBytes">2 or 4.</param>
/// <param name="ValueAt">Its value.</param>
/// <param name="End">Behind its value; of a sequence or item, behind its content.</param>
/// <param name="Tag">Group in the high half.</param>
/// <param name="Vr">Two letters; 0 when implicit.</param>
/// <param name="Depth">0 at the top level.</param>
/// <param name="IsLeaf">It holds a value and no items.</param>
/// <param name="IsBigEndian">Of its numbers.</param>
internal readonly record struct SeedPart(
    int Start, int LengthAt, int LengthBytes, int ValueAt, int End, uint Tag, ushort Vr, int Depth, bool IsLeaf, bool IsBigEndian)
{
    public const uint Item = 0xFFFEE000;
    public const uint ItemEnd = 0xFFFEE00D;
    public const uint SequenceEnd = 0xFFFEE0DD;
    public const uint Pixels = 0x7FE00010;

    public int Length => End - ValueAt;

    public int Group => (int)(Tag >> 16);
}
