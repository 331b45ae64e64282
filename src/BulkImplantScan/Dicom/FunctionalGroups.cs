namespace BulkImplantScan.Dicom;

/// <summary>Where the attributes of one frame of an enhanced object stand (PS3.3 C.7.6.16): in its own functional group, in that of
/// all frames, or, as in all other objects, in the data set.</summary>
internal static class FunctionalGroups
{
    /// <summary>The data set that holds a macro's attributes for a frame.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Of the whole file.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="macro">The sequence of the macro: its first item counts.</param>
    /// <param name="group">Is overwritten.</param>
    /// <param name="item">Is overwritten, and is the answer where the macro is there.</param>
    public static DicomDataset Find(
        ReadOnlySpan<byte> file, DicomDataset dataset, int frame, DicomTag macro, DicomDataset group, DicomDataset item)
    {
        if (IsIn(file, dataset, DicomTags.PerFrameFunctionalGroupsSequence, frame - 1, macro, group, item)) return item;
        return IsIn(file, dataset, DicomTags.SharedFunctionalGroupsSequence, 0, macro, group, item) ? item : dataset;
    }

    private static bool IsIn(
        ReadOnlySpan<byte> file, DicomDataset dataset, DicomTag groups, int index, DicomTag macro, DicomDataset group, DicomDataset item) =>
        dataset.Contains(groups) && DicomReader.TryGetItem(file, dataset, groups, index, group)
        && group.Contains(macro) && DicomReader.TryGetItem(file, group, macro, 0, item);
}
