namespace BulkImplantScan.Imaging;

/// <summary>One axis of what is shown of a film: its pixels, and the samples that are there of them.</summary>
/// <remarks><code>
/// pixels   │0│1│2│3│4│5│6│7│8│9│        samples of every second pixel (n = 1) lie on the even ones:
/// samples  │ 0 │ 1 │ 2 │ 3 │ 4 │        each stands for a pixel and half a pixel to either side
///              └─ view ─┘
/// </code>
/// A film in full has one sample a pixel. The low band of a wavelet transform has one on every 2ⁿ-th, from the first on (ISO/IEC
/// 15444-1 F.3): means over a film that took them for means of 2ⁿ pixels side by side would lie half a pixel off a level.</remarks>
/// <param name="Length">m: pixels that are shown, 1 to 65,535.</param>
/// <param name="Samples">Samples that stand for some of them; of the film's last one, also for what lies beyond it.</param>
/// <param name="Pitch">2ⁿ: pixels from a sample to the next.</param>
/// <param name="Phase">Half pixels from where the first of those samples begins to where the view does.</param>
public readonly record struct AreaAxis(int Length, int Samples, short Pitch, short Phase)
{
    /// <summary>The axis of a view, and the film's sample that is the first of it.</summary>
    /// <param name="first">First pixel shown.</param>
    /// <param name="length">Pixels shown.</param>
    /// <param name="levels">n.</param>
    /// <param name="samples">Samples of the film.</param>
    /// <param name="firstSample">From 0.</param>
    public static AreaAxis Of(int first, int length, int levels, int samples, out int firstSample)
    {
        // In half pixels sample j begins at (2j - 1) · 2ⁿ + 1.
        var pitch = 1 << levels;
        var start = 2 * first + pitch - 1;
        var end = start + 2 * length;
        firstSample = Math.Min(start / (2 * pitch), samples - 1);
        var count = Math.Min((end + 2 * pitch - 1) / (2 * pitch), samples) - firstSample;
        return new(length, Math.Max(count, 1), (short)pitch, (short)(start - 2 * pitch * firstSample));
    }
}
