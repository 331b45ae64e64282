namespace BulkImplantScan.Dicom;

/// <summary>How pixels are to be decoded: what is asked for beside the film itself.</summary>
public sealed record DecodeSettings
{
    /// <summary>Everything exactly as the file has it.</summary>
    public static DecodeSettings Exact { get; } = new();

    /// <summary>Rows and columns below which a decoder must not go when it can decode at a reduced resolution (JPEG 2000): twice
    /// what the network is given; 0 for the full resolution always.</summary>
    public int LeastSide { get; init; }
}
