using BulkImplantScan.Dicom.Device;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pipeline;

/// <summary>How large a <see cref="DecodeLane"/> is.</summary>
/// <param name="Films">At most.</param>
/// <param name="CodedBytes">For their <see cref="JpegLosslessFilm.BlockBytes"/>.</param>
/// <param name="PixelBytes">For their pixels.</param>
internal readonly record struct DecodeMemory(int Films, int CodedBytes, int PixelBytes)
{
    private const int MostFilms = 64;
    private const int MostPixelBytes = 256 << 20; // 25 films of 10 MB: a host has that many workers at most, and this is taken twice, page-locked

    /// <summary>What suits a device: a small part of its memory.</summary>
    public static DecodeMemory For(long deviceBytes)
    {
        var pixels = (int)(Math.Min(MostPixelBytes, deviceBytes / 64) / 16 * 16);
        return new(MostFilms, pixels / 2, pixels); // coded films of a radiograph archive are some 0.4 of their pixels
    }

    /// <summary>Whether an empty lane has room for it.</summary>
    public bool Holds(JpegLosslessFilm film) => film.BlockBytes <= CodedBytes && PixelBytesOf(film) <= PixelBytes;

    /// <summary>Bytes of its pixels as the kernels write them: each row at a multiple of 16.</summary>
    public static long PixelBytesOf(JpegLosslessFilm film) => (long)film.Rows * FilmDescriptor.RowBytesOf(film.Columns, film.BytesPerSample);
}
