namespace BulkImplantScan.Dicom.Codecs;

/// <summary>The header of one scan of a JPEG lossless stream (ITU-T T.81 B.2.3), checked.</summary>
internal struct JpegLosslessScan
{
    /// <summary>Bits of a sample, before the point transform: 2 to 16.</summary>
    public int Precision;

    /// <summary>Components of the frame: 1 to 3.</summary>
    public int FrameComponents;

    /// <summary>Samples of a component between two restart markers; 0 without them.</summary>
    public int RestartInterval;

    /// <summary>No component is left for another scan.</summary>
    public bool IsLast;

    /// <summary>Components in the scan, side by side: 1 to 3.</summary>
    public int Components;

    /// <summary>The first of them, of those of the frame, from 0; the others follow it.</summary>
    public int First;

    /// <summary>Table of the first component.</summary>
    public JpegDifferenceTable? Table0;

    /// <summary>Table of the second, if there is one.</summary>
    public JpegDifferenceTable? Table1;

    /// <summary>Table of the third, if there is one.</summary>
    public JpegDifferenceTable? Table2;

    /// <summary>Selection value of the predictor, 1 to 7.</summary>
    public int Selection;

    /// <summary>Bits by which samples are shifted to the left at the end; below the precision.</summary>
    public int PointTransform;
}
