namespace BulkImplantScan.Decoder;

/// <summary>What the header says a frame is; a stream that says otherwise is refused before memory is taken for it.</summary>
/// <param name="Rows">Of the result: of the reduced resolution, where levels are discarded.</param>
/// <param name="Columns">Likewise.</param>
/// <param name="Samples">Of a pixel.</param>
/// <param name="BytesPerSample">Of a cell: 1, 2 or 4.</param>
/// <param name="DiscardedLevels">Resolution levels to leave out (JPEG 2000), ≥ 0.</param>
internal readonly record struct FrameShape(int Rows, int Columns, int Samples, int BytesPerSample, int DiscardedLevels)
{
    /// <summary>Bytes of all cells.</summary>
    public long Bytes => (long)Rows * Columns * Samples * BytesPerSample;
}
