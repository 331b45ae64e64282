namespace BulkImplantScan.Imaging;

/// <summary>All that <see cref="PreprocessKernel"/> must know of one film of a batch; 80 bytes, blittable, no padding.</summary>
/// <param name="ByteOffset">First sample in the slab, a multiple of 16 bytes.</param>
/// <param name="Rows">Rows of the film's field of view: pixels, and the samples that are there.</param>
/// <param name="Columns">Columns of the field of view.</param>
/// <param name="Kind">U8, S8, U16 or S16.</param>
/// <param name="IsMirrored">1: written from right to left; 0: as the film lies.</param>
/// <param name="Letterbox">Where the field lies in the network's input.</param>
/// <param name="TableOffset">First table entry in the slab, in floats from its start; unused when linear.</param>
/// <param name="TableLength">Entries of the table; 0 when linear.</param>
/// <param name="FirstValue">Stored value of the table's first entry.</param>
/// <param name="Low">Lower end of the window in stored units, where the clamp and the sums begin; 0 with a table.</param>
/// <param name="High">Upper end of the window in stored units.</param>
/// <param name="Scale">Brightness per unit of the sum over a target pixel: the line's slope divided by the area covered.</param>
/// <param name="Bias">Brightness at a sum of 0.</param>
public readonly record struct FilmDescriptor(
    long ByteOffset, AreaAxis Rows, AreaAxis Columns, SampleKind Kind, short IsMirrored, Letterbox Letterbox, int TableOffset, int TableLength, int FirstValue,
    float Low, float High, float Scale, float Bias)
{
    /// <summary>Size of a descriptor.</summary>
    public const int Bytes = 80;

    /// <summary>Bytes from a row to the next: each begins at a multiple of <see cref="FilmBatchPacker.Alignment"/>.</summary>
    public int RowBytes => RowBytesOf(Columns.Samples, Kind == SampleKind.U16 || Kind == SampleKind.S16 ? 2 : 1);

    /// <summary>The same film shown by that line; also called from within kernels.</summary>
    internal FilmDescriptor Showing(BrightnessLine line) => new(
        ByteOffset, Rows, Columns, Kind, IsMirrored, Letterbox, 0, 0, 0,
        line.Low, line.High, ScaleOf(line, Letterbox, Rows, Columns), line.Bias);

    /// <summary>Brightness per unit of the sum over a target pixel.</summary>
    internal static float ScaleOf(BrightnessLine line, Letterbox letterbox, AreaAxis rows, AreaAxis columns) =>
        (float)(line.Scale * letterbox.Height * rows.Pitch * letterbox.Width * columns.Pitch / ((double)rows.Length * columns.Length));

    /// <summary>Bytes of a row in the slab: the samples, and up to 15 bytes that nobody reads into a result.</summary>
    internal static int RowBytesOf(int columns, int bytesPerSample) =>
        (columns * bytesPerSample + FilmBatchPacker.Alignment - 1) / FilmBatchPacker.Alignment * FilmBatchPacker.Alignment;
}
