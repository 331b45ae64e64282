using BulkImplantScan.Archive;

namespace BulkImplantScan.Pictures;

/// <summary>Tells a picture by its first bytes.</summary>
internal static class PictureMagic
{
    private const int DicomPrefix = 128; // a DICOM file may have a TIFF header in its preamble, so that both can read it (PS3.10 7.1)

    /// <summary>The format; null when the file is no picture, or DICOM.</summary>
    /// <param name="file">The file, or its first 132 bytes.</param>
    public static PictureFormat? Of(ReadOnlySpan<byte> file)
    {
        if (file.Length >= DicomPrefix + 4 && file[DicomPrefix..].StartsWith("DICM"u8)) return null;
        return MagicBytes.NameOf(file) switch
        {
            "png" => PictureFormat.Png,
            "jpeg" => PictureFormat.Jpeg,
            "tiff" => PictureFormat.Tiff,
            _ => null,
        };
    }

    /// <summary>As rows and details call it.</summary>
    public static string InRow(this PictureFormat format) => format switch
    {
        PictureFormat.Png => "png",
        PictureFormat.Jpeg => "jpeg",
        _ => "tiff",
    };
}
