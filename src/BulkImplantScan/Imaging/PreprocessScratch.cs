using System.Runtime.InteropServices;

namespace BulkImplantScan.Imaging;

/// <summary>Working memory of one thread for <see cref="PreprocessSimd"/>: grows to the largest film seen, then allocates nothing.</summary>
/// <remarks>16 bytes a source column and 32 a target column; 256 KiB once a film has a table; with 8-bit films the source rows
/// of one target row. Not shared between threads.</remarks>
public sealed class PreprocessScratch
{
    /// <summary>Target rows that are added up along the columns together (see <see cref="PreprocessSimd"/>).</summary>
    internal const int Lines = 4;

    private readonly float[][] _columnSums = [[], [], [], []];
    private readonly float[][] _rowSums = [[], [], [], []];
    private AreaSpan[] _columnSpans = [];
    private (AreaAxis Columns, int Width) _columnSpansOf;
    private float[] _table = [];
    private ushort[] _widened = [];

    /// <summary>Sums over the source rows of target row <paramref name="line"/>, one a source column.</summary>
    internal Span<float> ColumnSums(int line, int columns) => Room(ref _columnSums[line], columns);

    /// <summary>Sums over all source pixels of each target pixel of row <paramref name="line"/>.</summary>
    internal Span<float> RowSums(int line, int width) => Room(ref _rowSums[line], width);

    /// <summary>Brightness of each of the 65,536 patterns of a 16-bit sample.</summary>
    internal Span<float> Table() => Room(ref _table, 1 << 16);

    /// <summary>The source rows of one target row, widened from 8 to 16 bits.</summary>
    internal Span<ushort> Widened(int samples) => Room(ref _widened, samples);

    /// <summary>The spans of all target columns; computed only when the geometry differs from the last film's.</summary>
    internal ReadOnlySpan<AreaSpan> ColumnSpans(AreaAxis columns, int width)
    {
        if (_columnSpansOf != (columns, width))
        {
            var spans = Room(ref _columnSpans, width);
            for (var x = 0; x < width; x++) spans[x] = AreaSpan.Of(x, columns, width);
            _columnSpansOf = (columns, width);
        }

        return _columnSpans.AsSpan(0, width);
    }

    private static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length) array = GC.AllocateUninitializedArray<T>(length);
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), length);
    }
}
