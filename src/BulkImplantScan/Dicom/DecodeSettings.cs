using BulkImplantScan.Dicom.Codecs;

namespace BulkImplantScan.Dicom;

/// <summary>How pixels are to be decoded: what is asked for beside the film itself.</summary>
public sealed record DecodeSettings
{
    /// <summary>Everything exactly as the file has it.</summary>
    public static DecodeSettings Exact { get; } = new();

    /// <summary>Side of a square that the film, letterboxed into it, must still fill when a decoder can decode at a reduced resolution (JPEG
    /// 2000), <see cref="ReducedResolution.LeastSide"/>; 0 for the full resolution always.</summary>
    public int LeastSide { get; init; }

    /// <summary>Where the system's codec libraries run.</summary>
    public NativeCodecs NativeCodecs { get; init; } = NativeCodecs.Shared;
}
