using BulkImplantScan.Imaging;
using ILGPU;

namespace BulkImplantScan.Dicom.Device;

/// <summary>A sample on its last way: point transform, cell, Bits Stored and sign, place in the target.</summary>
internal static class JpegPixel
{
    /// <summary>Writes one pixel, if it lies in the film's field.</summary>
    /// <param name="film">Its film.</param>
    /// <param name="row">Of the film.</param>
    /// <param name="column">Of the film.</param>
    /// <param name="sample">0 to 65 535, before the point transform.</param>
    /// <param name="bytes">The target, for pixels of 8 bits.</param>
    /// <param name="words">The same memory.</param>
    /// <returns>Bits of <see cref="JpegDeviceFault"/>.</returns>
    public static int Write(JpegDeviceFilm film, int row, int column, int sample, ArrayView<byte> bytes, ArrayView<ushort> words)
    {
        // As JpegLosslessCodec: signed samples of some writers run modulo 2^16 below their precision.
        var fault = film.IsSigned == 0 && sample >> film.Precision != 0 ? (int)JpegDeviceFault.AbovePrecision : 0;

        // As SampleCells.
        var full = film.BytesPerSample == 1 ? 0xFF : 0xFFFF;
        var cell = sample << film.PointTransform & full;
        var unused = 32 - film.BitsStored;
        var value = film.IsSigned != 0 ? cell << unused >> unused & full : (int)((uint)cell << unused >> unused);
        if ((cell & ~value) != 0) fault |= (int)JpegDeviceFault.UnusedBits;

        var y = row - film.Field.Top;
        var x = column - film.Field.Left;
        if (y < 0 || y >= film.Field.Rows || x < 0 || x >= film.Field.Columns) return fault;
        var place = film.TargetByte + (long)y * FilmDescriptor.RowBytesOf(film.Field.Columns, film.BytesPerSample) + x * film.BytesPerSample;
        if (film.BytesPerSample == 1) bytes[place] = (byte)value;
        else words[place / 2] = (ushort)value;
        return fault;
    }
}
