namespace BulkImplantScan.Tests.Fuzz;

/// <summary>A stretch of a codestream.</summary>
/// <param name="At">First byte: of a marker segment, its 0xFF.</param>
/// <param name="End">Behind its last.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct CodestreamSpot(int At, int End, CodestreamSpot.Kinds Kind)
{
    public enum Kinds
    {
        /// <summary>0xFF, a code, two bytes of length, parameters: JPEG, JPEG-LS, JPEG 2000.</summary>
        Segment,

        /// <summary>Bits.</summary>
        Entropy,

        /// <summary>Sixteen numbers of 32 bits: RLE.</summary>
        RleHeader,
    }
}
