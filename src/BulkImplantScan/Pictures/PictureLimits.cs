using BulkImplantScan.Dicom;

namespace BulkImplantScan.Pictures;

/// <summary>Bounds on what a picture may ask for.</summary>
internal static class PictureLimits
{
    /// <summary>Largest number of rows and of columns.</summary>
    public const int MaxSide = FrameDecoder.MaxSide;

    /// <summary>Largest decoded picture in bytes.</summary>
    public const int MaxDecodedBytes = FrameDecoder.MaxFrameBytes;

    /// <summary>Smallest number of rows and of columns of a film, unless a sidecar lists the picture: below are icons and logos.</summary>
    public const int LeastFilmSide = 256;

    /// <summary>Chunks, segments, directory entries of one picture.</summary>
    public const int MaxParts = 1_000_000;
}
