using System.Runtime.InteropServices;
using BulkImplantScan.Dicom;

namespace BulkImplantScan.Tests.Dicom;

public sealed class SegmentedTableTests
{
    [Theory]
    [InlineData(new ushort[] { 0, 2, 7, 8, 0, 0, 0, 1, 9 })]
    [InlineData(new ushort[] { 0, 2, 7, 8, 1, 0, 5, 0, 1, 9 })]
    [InlineData(new ushort[] { 0, 0, 0, 1, 1, 2, 65535, 0, 0, 0, 2, 8, 9 })]
    public void A_segment_that_fills_nothing_is_no_palette_for_it_could_be_repeated_for_ever(ushort[] segments) =>
        Assert.False(SegmentedTable.TryExpand(MemoryMarshal.AsBytes(segments.AsSpan()), isBytes: false, isBigEndian: false, new ushort[3]));
}
