using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Device;

/// <summary>All that the kernels must know of one JPEG lossless film of a batch; 120 bytes, blittable, no padding.</summary>
/// <param name="FirstWord">Its coded words in the slab, in units of 4 bytes from the slab's start.</param>
/// <param name="FirstDifference">Its first difference among the batch's.</param>
/// <param name="TargetByte">Its first pixel in the target, a multiple of 16 bytes.</param>
/// <param name="SegmentEntry">Its segments in the slab, in units of 4 bytes; each is its first sub-sequence and its count of bits.</param>
/// <param name="TableEntry">Its <see cref="JpegCodeTable"/> in the slab, in units of 2 bytes.</param>
/// <param name="Segments">Parts of the stream that begin at a known bit: restart intervals; 1 without any.</param>
/// <param name="SubsequenceWords">Words of a sub-sequence, 1 to <see cref="JpegSubsequence.MostWords"/>.</param>
/// <param name="Subsequences">All of the film; each segment begins one.</param>
/// <param name="FirstSubsequence">Its first sub-sequence among the batch's.</param>
/// <param name="FirstSequence">Its first sequence (a group's sub-sequences) among the batch's.</param>
/// <param name="FirstRow">Its first row among the batch's.</param>
/// <param name="Rows">Height in pixels.</param>
/// <param name="Columns">Width in pixels.</param>
/// <param name="RowsPerSegment">Rows of a segment, the last one excepted.</param>
/// <param name="LongFirst">See <see cref="JpegCodeTable"/>.</param>
/// <param name="LongCount">Likewise.</param>
/// <param name="Precision">Bits of a sample without those of the point transform, 1 to 16.</param>
/// <param name="PointTransform">Bits by which samples are shifted to the left at the end.</param>
/// <param name="Selection">Selection value of the predictor, 1 to 7.</param>
/// <param name="BytesPerSample">1 or 2.</param>
/// <param name="BitsStored">Bits of a stored pixel; what a cell has above them is a fault, unless it is a sign.</param>
/// <param name="IsSigned">1: stored pixels have a sign; 0: they have none. A number, for a device has no other booleans.</param>
/// <param name="Field">The pixels that are written to the target, row after row without gaps.</param>
public readonly record struct JpegDeviceFilm(
    long FirstWord, long FirstDifference, long TargetByte, long SegmentEntry, int TableEntry, int Segments, int SubsequenceWords,
    int Subsequences, int FirstSubsequence, int FirstSequence, int FirstRow, int Rows, int Columns, int RowsPerSegment, int LongFirst,
    int LongCount, int Precision, int PointTransform, int Selection, int BytesPerSample, int BitsStored, int IsSigned, FieldOfView Field);
