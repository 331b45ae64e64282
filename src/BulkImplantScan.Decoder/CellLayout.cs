using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BulkImplantScan.Decoder;

/// <summary>From the layouts that libraries give back to ours: samples of a pixel side by side in cells of one size.</summary>
internal static class CellLayout
{
    /// <summary>One component of 32-bit values into its place in the cells; bits above the precision become zero.</summary>
    /// <param name="plane">Row after row.</param>
    /// <param name="precision">Bits of a value, 1 to 32. Signed values keep these bits only: their sign is extended with the others'.</param>
    /// <param name="cells">All cells of the frame.</param>
    /// <param name="bytesPerSample">Of a cell.</param>
    /// <param name="sample">Which of a pixel's samples it is.</param>
    /// <param name="samples">Of a pixel.</param>
    // Compiled once and well: a decoder process does not recompile what is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(
        ReadOnlySpan<int> plane, int precision, Span<byte> cells, int bytesPerSample, int sample, int samples)
    {
        var mask = precision >= 32 ? uint.MaxValue : (1u << precision) - 1;
        var values = MemoryMarshal.Cast<int, uint>(plane);
        if (samples == 1 && bytesPerSample == 2) Narrow(values, mask, MemoryMarshal.Cast<byte, ushort>(cells));
        else if (samples == 1 && bytesPerSample == 1) Narrow(values, mask, cells);
        else if (bytesPerSample == 1)
        {
            for (int i = 0, to = sample; i < values.Length; i++, to += samples) cells[to] = (byte)(values[i] & mask);
        }
        else if (bytesPerSample == 2)
        {
            var target = MemoryMarshal.Cast<byte, ushort>(cells);
            for (int i = 0, to = sample; i < values.Length; i++, to += samples) target[to] = (ushort)(values[i] & mask);
        }
        else
        {
            var target = MemoryMarshal.Cast<byte, uint>(cells);
            for (int i = 0, to = sample; i < values.Length; i++, to += samples) target[to] = values[i] & mask;
        }
    }

    /// <summary>Bytes or words into wider cells, and planes into pixels.</summary>
    /// <param name="source">Samples of <paramref name="sourceBytes"/> bytes, side by side or plane after plane.</param>
    /// <param name="sourceBytes">1 or 2.</param>
    /// <param name="isPlanar">Plane after plane.</param>
    /// <param name="shape">Of the cells.</param>
    /// <param name="cells">All cells of the frame; not the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rearrange(ReadOnlySpan<byte> source, int sourceBytes, bool isPlanar, in FrameShape shape, Span<byte> cells)
    {
        var pixels = shape.Rows * shape.Columns;
        var words = MemoryMarshal.Cast<byte, ushort>(source);
        for (var sample = 0; sample < shape.Samples; sample++)
        {
            var (from, step) = isPlanar ? (sample * pixels, 1) : (sample, shape.Samples);
            for (var pixel = 0; pixel < pixels; pixel++, from += step)
            {
                var value = sourceBytes == 1 ? source[from] : words[from];
                var to = pixel * shape.Samples + sample;
                if (shape.BytesPerSample == 1) cells[to] = (byte)value;
                else if (shape.BytesPerSample == 2) MemoryMarshal.Cast<byte, ushort>(cells)[to] = value;
                else MemoryMarshal.Cast<byte, uint>(cells)[to] = value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<uint> values, uint mask, Span<ushort> cells)
    {
        var i = 0;
        var (wide, step) = (new Vector<uint>(mask), Vector<uint>.Count);
        for (; i <= values.Length - 2 * step; i += 2 * step)
            Vector.Narrow(new Vector<uint>(values[i..]) & wide, new Vector<uint>(values[(i + step)..]) & wide).CopyTo(cells[i..]);
        for (; i < values.Length; i++) cells[i] = (ushort)(values[i] & mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<uint> values, uint mask, Span<byte> cells)
    {
        var i = 0;
        var (wide, step) = (new Vector<uint>(mask), Vector<uint>.Count);
        for (; i <= values.Length - 4 * step; i += 4 * step)
        {
            var low = Vector.Narrow(new Vector<uint>(values[i..]) & wide, new Vector<uint>(values[(i + step)..]) & wide);
            var high = Vector.Narrow(
                new Vector<uint>(values[(i + 2 * step)..]) & wide, new Vector<uint>(values[(i + 3 * step)..]) & wide);
            Vector.Narrow(low, high).CopyTo(cells[i..]);
        }

        for (; i < values.Length; i++) cells[i] = (byte)(values[i] & mask);
    }
}
