using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JpegLibrary;

namespace BulkImplantScan.Pictures;

/// <summary>Takes the blocks of 8 × 8 samples that JpegLibrary decodes.</summary>
/// <remarks>Of luminance and chroma only the luminance is kept: it is the film. Chroma is looked at, to say whether there was
/// colour. Blocks are counted, so that one that was never decoded does not pass as black.</remarks>
internal sealed class JpegBlocks(PictureCanvas canvas, int rows, int columns, int precision, bool isLuminanceOnly) : JpegBlockOutputWriter
{
    private readonly int _samples = isLuminanceOnly ? 1 : 3; // of a pixel that are kept
    private readonly int _top = (1 << precision) - 1;
    private readonly int _neutral = 1 << (precision - 1);

    /// <summary>Blocks that were written.</summary>
    public long Written { get; private set; }

    /// <summary>Blocks to be written.</summary>
    public long Expected => (long)_samples * ((rows + 7) / 8) * ((columns + 7) / 8);

    /// <summary>Some chroma was not neutral.</summary>
    public bool HasColour { get; private set; }

    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        if (x < 0 || y < 0 || x >= columns || y >= rows) return; // padding of the last unit
        ref var block = ref blockRef;
        var (width, height) = (Math.Min(8, columns - x), Math.Min(8, rows - y));
        if (componentIndex >= _samples)
        {
            for (var i = 0; i < 64 && !HasColour; i++) HasColour = Unsafe.Add(ref block, i) != _neutral;
            return;
        }

        Written++;
        if (precision == 8)
        {
            var target = canvas.Bytes;
            for (var row = 0; row < height; row++)
            {
                var to = ((y + row) * columns + x) * _samples + componentIndex;
                for (var column = 0; column < width; column++, to += _samples)
                    target[to] = (byte)Math.Clamp(Unsafe.Add(ref block, 8 * row + column), 0, _top);
            }
        }
        else
        {
            var target = MemoryMarshal.Cast<byte, ushort>(canvas.Bytes);
            for (var row = 0; row < height; row++)
            {
                var to = ((y + row) * columns + x) * _samples + componentIndex;
                for (var column = 0; column < width; column++, to += _samples)
                    target[to] = (ushort)Math.Clamp(Unsafe.Add(ref block, 8 * row + column), 0, _top);
            }
        }
    }
}
