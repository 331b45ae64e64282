using BulkImplantScan.Imaging;

namespace BulkImplantScan.Pictures;

/// <summary>Bytes of a picture in, its stored pixels out: one door for all formats.</summary>
internal static class PictureDecoder
{
    /// <summary>Reads headers: one, or one a page.</summary>
    /// <param name="bytes">The picture.</param>
    /// <param name="format">As <see cref="PictureMagic"/> says.</param>
    /// <param name="limit">Pages wanted; at most one more is read.</param>
    /// <param name="headers">At least one is added.</param>
    public static void ReadHeaders(in PictureBytes bytes, PictureFormat format, int limit, List<PictureHeader> headers)
    {
        if (format == PictureFormat.Tiff) TiffPicture.ReadHeaders(bytes, limit, headers);
        else headers.Add(format == PictureFormat.Png ? PngPicture.ReadHeader(bytes) : JpegPicture.ReadHeader(bytes));
    }

    /// <summary>Decodes one page.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="format">As <see cref="PictureMagic"/> says.</param>
    /// <param name="page">From 1; PNG and JPEG have one.</param>
    /// <param name="pool">Gives the memory.</param>
    public static DecodedPicture Decode(ReadOnlySpan<byte> file, PictureFormat format, int page, PixelBufferPool pool) => format switch
    {
        PictureFormat.Png => PngPicture.Decode(file, pool),
        PictureFormat.Jpeg => JpegPicture.Decode(file, pool),
        _ => TiffPicture.Decode(file, page, pool),
    };
}
