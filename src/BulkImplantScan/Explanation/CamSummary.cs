using BulkImplantScan.Imaging;

namespace BulkImplantScan.Explanation;

/// <summary>What a row keeps of a film's Grad-CAM: the coarse map in 8 bits, its peak, and how much of it lies on the film.</summary>
/// <remarks>Mass beside the film is mass on the black bars of the letterbox: an explanation that points where there is nothing.</remarks>
/// <param name="Map8">[H, W]: round(255 · L / max); all 0 when empty or not finite.</param>
/// <param name="Peak">max L in logit units: 0 when empty, NaN or ∞ when not finite.</param>
/// <param name="PeakX">Centre of the first maximal cell across the film, 0 left to 1 right; NaN when empty or not finite.</param>
/// <param name="PeakY">The same down the film, 0 top to 1 bottom.</param>
/// <param name="MassInFilm">Share of Σ L that lies on the film, [0, 1], cells cut by its edge in part; NaN when empty or not
/// finite.</param>
/// <param name="IsEmpty">No cell is above 0: nothing speaks for the class.</param>
/// <param name="IsFinite">False when a cell is NaN or infinite: the network's numbers overflowed.</param>
public sealed record CamSummary(
    byte[] Map8, float Peak, float PeakX, float PeakY, float MassInFilm, bool IsEmpty, bool IsFinite)
{
    /// <summary>Summarises the map of one film.</summary>
    /// <param name="cam">L, fp32 [H, W], ≥ 0 or NaN.</param>
    /// <param name="shape">H and W; the map covers the whole input of the network evenly.</param>
    /// <param name="letterbox">Where the film lies in the input.</param>
    /// <param name="input">Height and width of the input.</param>
    /// <exception cref="ArgumentException"><paramref name="cam"/> has not H · W values.</exception>
    public static CamSummary Of(ReadOnlySpan<float> cam, FeatureMapShape shape, Letterbox letterbox, InputGeometry input)
    {
        var map8 = new byte[shape.Positions];
        var peak = 0f;
        GradCamSimd.Normalise(cam, 1, shape, map8, new(ref peak));
        if (!CamMeasures.HasMap(peak)) return Of(map8, new(peak, 0, 0, 0), shape, letterbox, input);

        double mass = 0, onFilm = 0;
        for (var y = 0; y < shape.Height; y++)
        {
            // Row by row, as the kernel has a thread for each.
            var coveredY = CamCell.Covered(y, shape.Height, input.Height, letterbox.Top, letterbox.Height);
            double rowMass = 0, rowOnFilm = 0;
            for (var x = 0; x < shape.Width; x++)
            {
                double value = cam[y * shape.Width + x];
                rowMass += value;
                rowOnFilm += value * coveredY * CamCell.Covered(x, shape.Width, input.Width, letterbox.Left, letterbox.Width);
            }

            mass += rowMass;
            onFilm += rowOnFilm;
        }

        return Of(map8, new(peak, cam.IndexOf(peak), mass, onFilm), shape, letterbox, input);
    }

    /// <summary>The summary of the mirror image.</summary>
    /// <param name="width">W of the map.</param>
    public CamSummary Mirrored(int width)
    {
        var map8 = Map8.AsSpan().ToArray();
        for (var row = 0; row < map8.Length; row += width) map8.AsSpan(row, width).Reverse();
        return this with { Map8 = map8, PeakX = 1 - PeakX };
    }

    /// <summary>The summary of a map that was measured, on whatever device.</summary>
    /// <param name="map8">[H, W]; is kept.</param>
    /// <param name="measures">Of the same map.</param>
    /// <param name="shape">H and W; the map covers the whole input of the network evenly.</param>
    /// <param name="letterbox">Where the film lies in the input.</param>
    /// <param name="input">Height and width of the input.</param>
    public static CamSummary Of(byte[] map8, CamMeasures measures, FeatureMapShape shape, Letterbox letterbox, InputGeometry input)
    {
        var peak = measures.Peak;
        if (!CamMeasures.HasMap(peak))
        {
            var isFinite = float.IsFinite(peak);
            return new(map8, peak, float.NaN, float.NaN, float.NaN, IsEmpty: isFinite, isFinite);
        }

        double cellHeight = (double)input.Height / shape.Height, cellWidth = (double)input.Width / shape.Width;
        var peakX = ((measures.PeakCell % shape.Width + 0.5) * cellWidth - letterbox.Left) / letterbox.Width;
        var peakY = ((measures.PeakCell / shape.Width + 0.5) * cellHeight - letterbox.Top) / letterbox.Height;
        return new(
            map8, peak, (float)Math.Clamp(peakX, 0, 1), (float)Math.Clamp(peakY, 0, 1),
            (float)Math.Min(1, measures.MassOnFilm / measures.Mass), IsEmpty: false, IsFinite: true);
    }
}
