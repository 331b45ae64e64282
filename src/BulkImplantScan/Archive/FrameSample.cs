namespace BulkImplantScan.Archive;

/// <summary>Which frames of a file are looked at when there are more than <see cref="FileIndexer.MaximumFrames"/>.</summary>
/// <remarks>At even distances, the first always: a run of frames shows one thing from beginning to end, and a cut at the limit would
/// see its beginning only.</remarks>
internal static class FrameSample
{
    /// <summary>True for a film of a file whose frames do not all have a row.</summary>
    public static bool IsOf(InventoryFilm film) =>
        film.Frames is > FileIndexer.MaximumFrames and <= Dicom.FrameDecoder.MaxFrames;

    /// <summary>Frame number, from 1, at a place of the sample.</summary>
    /// <param name="place">[0, <paramref name="count"/>).</param>
    /// <param name="count">Frames in the sample, at most <paramref name="frames"/>.</param>
    /// <param name="frames">Frames of the file.</param>
    public static int Frame(int place, int count, int frames) => 1 + (int)((long)place * frames / count);
}
