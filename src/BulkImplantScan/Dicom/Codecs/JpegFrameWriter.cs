using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using JpegLibrary;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Takes blocks of 8 × 8 samples from JpegLibrary and lays them into the cells of a frame.</summary>
/// <remarks>Clamped to the precision of the stream, as every decoder of lossy JPEG has to (T.81 A.3.1): what overshoots is white, not
/// black. What lies outside the picture is dropped.</remarks>
internal sealed unsafe class JpegFrameWriter : JpegBlockOutputWriter
{
    private byte* _cells;
    private int _rows, _columns, _samples, _bytesPerSample;
    private short _max;

    /// <summary>Blocks taken, those outside the picture too.</summary>
    public long Blocks { get; private set; }

    /// <summary>Begins a frame.</summary>
    /// <param name="cells">All cells of the frame; must stay until its last block.</param>
    /// <param name="description">Size of the frame and of its cells.</param>
    /// <param name="precision">Bits of a sample in the stream, at most 15.</param>
    public void Begin(byte* cells, in ImagePixelDescription description, int precision)
    {
        _cells = cells;
        Blocks = 0;
        (_rows, _columns, _samples) = (description.Rows, description.Columns, description.SamplesPerPixel);
        (_bytesPerSample, _max) = (description.BytesPerSample, (short)((1 << precision) - 1));
    }

    /// <inheritdoc/>
    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        Blocks++;
        if (x >= _columns || y >= _rows) return;
        var block = MemoryMarshal.CreateReadOnlySpan(ref blockRef, 64);
        var (columns, rows) = (Math.Min(8, _columns - x), Math.Min(8, _rows - y));
        for (var row = 0; row < rows; row++)
        {
            var clamped = Vector128.Min(Vector128.Max(Vector128.Create(block.Slice(8 * row, 8)), Vector128<short>.Zero), Vector128.Create(_max));
            var at = (long)(y + row) * _columns + x;
            if (_samples == 1 && columns == 8)
            {
                // Two bytes a cell: the vector as it is; one: its low bytes.
                if (_bytesPerSample == 2) Unsafe.WriteUnaligned(_cells + 2 * at, clamped);
                else Unsafe.WriteUnaligned(_cells + at, Vector128.Narrow(clamped.AsUInt16(), clamped.AsUInt16()).AsUInt64().ToScalar());
                continue;
            }

            for (var column = 0; column < columns; column++)
            {
                var cell = (at + column) * _samples + componentIndex;
                if (_bytesPerSample == 2) ((short*)_cells)[cell] = clamped[column];
                else _cells[cell] = (byte)clamped[column];
            }
        }
    }
}
