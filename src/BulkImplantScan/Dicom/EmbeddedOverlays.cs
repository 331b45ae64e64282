namespace BulkImplantScan.Dicom;

/// <summary>Overlay planes that lie in unused bits of Pixel Data, as files before 2004 may have them (PS3.3-2004 C.9.2.1.1).</summary>
internal static class EmbeddedOverlays
{
    /// <summary>Bits of a cell that the header gives to overlay planes, the sample's own excepted.</summary>
    /// <remarks>Overlay Bits Allocated is 1 for a plane with data of its own, and Bits Allocated for one that lies in the
    /// pixels.</remarks>
    public static uint Bits(ReadOnlySpan<byte> file, DicomDataset dataset, in ImagePixelDescription description)
    {
        var bits = 0u;
        for (var plane = 0; plane < DicomTags.OverlayPlanes; plane++)
        {
            if (!dataset.Contains(DicomTags.OverlayBitPosition(plane))) continue;
            if (dataset.GetInt32(file, DicomTags.OverlayBitsAllocated(plane)) != description.BitsAllocated) continue;
            if (dataset.GetInt32(file, DicomTags.OverlayBitPosition(plane)) is not (>= 0 and <= 31 and var position)) continue;
            if (position < description.BitsAllocated) bits |= 1u << position;
        }

        var sample = (uint)((1UL << description.BitsStored) - 1) << description.HighBit + 1 - description.BitsStored;
        return bits & ~sample;
    }
}
