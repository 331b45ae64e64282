using BulkImplantScan.Results;
using ScottPlot;

namespace BulkImplantScan.Training;

/// <summary>What each epoch came to, as a picture and as a table.</summary>
internal static class TrainingCurves
{
    private const int Width = 1200, Height = 640;

    /// <summary>Writes <c>curves.png</c> and <c>epochs.csv</c>; the picture is left out where its native library does not load.</summary>
    /// <param name="folder">Is there.</param>
    /// <param name="epochs">In order.</param>
    /// <param name="best">Position of the one whose network is kept.</param>
    public static void Write(string folder, IReadOnlyList<EpochReport> epochs, int best)
    {
        var table = new System.Text.StringBuilder("epoch,size,loss,evidence_on_metal,validation_loss,validation_accuracy,films_per_second,kept\n");
        for (var e = 0; e < epochs.Count; e++)
        {
            var epoch = epochs[e];
            table.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{epoch.Epoch},{(epoch.IsFull ? "full" : "half")},{epoch.Loss:F5},{epoch.Inside:F4},{epoch.ValidationLoss:F5},{epoch.Accuracy:F5},{epoch.FilmsPerSecond:F1},{(e == best ? 1 : 0)}\n");
        }

        AtomicFile.Write(Path.Combine(folder, "epochs.csv"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(table.ToString())));
        if (epochs.Count > 0 && Draw(epochs, best) is { } picture)
            AtomicFile.Write(Path.Combine(folder, "curves.png"), stream => stream.Write(picture));
    }

    private static byte[]? Draw(IReadOnlyList<EpochReport> epochs, int best)
    {
        try
        {
            using var plot = new Plot();
            plot.Title("Training");
            plot.XLabel("epoch");
            plot.YLabel("cross entropy");
            plot.Axes.Right.Label.Text = "share";
            Line(plot, epochs, "training loss", "#1f6fb2", epoch => epoch.Loss, right: false);
            Line(plot, epochs, "validation loss", "#d1601c", epoch => epoch.ValidationLoss, right: false);
            Line(plot, epochs, "validation accuracy (right)", "#2f8f4e", epoch => epoch.Accuracy, right: true);
            Line(plot, epochs, "evidence on metal (right)", "#8a5fb0", epoch => epoch.Inside, right: true);
            var kept = plot.Add.VerticalLine(epochs[best].Epoch, 1, Color.FromHex("#888888"));
            kept.LegendText = "kept";
            plot.Axes.SetLimitsX(0.5, epochs.Count + 0.5);
            plot.Axes.SetLimitsY(0, 1.1 * epochs.Max(epoch => Math.Max(epoch.Loss, double.IsNaN(epoch.ValidationLoss) ? 0 : epoch.ValidationLoss)), plot.Axes.Left);
            plot.Axes.SetLimitsY(0, 1.02, plot.Axes.Right);
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
            plot.ShowLegend(Edge.Right);
            plot.Font.Set(Fonts.Sans);
            return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            return null;
        }
    }

    private static void Line(Plot plot, IReadOnlyList<EpochReport> epochs, string name, string colour, Func<EpochReport, double> value, bool right)
    {
        var shown = epochs.Where(epoch => double.IsFinite(value(epoch))).ToArray();
        if (shown.Length == 0) return;
        var line = plot.Add.Scatter(shown.Select(epoch => (double)epoch.Epoch).ToArray(), shown.Select(value).ToArray(), Color.FromHex(colour));
        line.LegendText = name;
        if (right) line.Axes.YAxis = plot.Axes.Right;
    }
}
