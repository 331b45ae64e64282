using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>How many of the highest resolution levels of a film need not be decoded.</summary>
/// <remarks>The film is letterboxed into the network's input: its longer side fills it, its shorter side is in proportion. What is
/// left must be at least twice as large as that on both axes, so that the network's pixels are still means of at least 2 × 2 of the film's.</remarks>
internal static class ReducedResolution
{
    /// <summary>The side that a film must still fill for a network: twice that of its input, and what the border finder needs.</summary>
    public static int LeastSide(InputGeometry input) => Math.Max(2 * Math.Max(input.Height, input.Width), ImageBorder.LeastSide);

    /// <summary>The largest number that leaves the film as large as its letterbox in a square of <paramref name="leastSide"/> pixels.</summary>
    /// <param name="codestream">Of the film: at most <see cref="FrameDecoder.MaxSide"/> rows and columns.</param>
    /// <param name="leastSide">Of <see cref="LeastSide"/>; 0 for the full resolution.</param>
    public static int Levels(in Jpeg2000Codestream codestream, int leastSide)
    {
        // Where the image does not begin at a multiple of every factor, its first sample is not its first pixel's (B-14).
        if (leastSide <= 0 || codestream.Top != 0 || codestream.Left != 0) return 0;
        var least = Letterbox.Fit((int)codestream.Rows, (int)codestream.Columns, leastSide, leastSide);
        var discarded = 0;
        while (discarded < codestream.Levels)
        {
            var (rows, columns) = codestream.Reduced(discarded + 1);
            if (rows < least.Height || columns < least.Width) break;
            discarded++;
        }

        return discarded;
    }
}
