using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>One film's map against the mask of its device.</summary>
/// <param name="IsOn">The middle of the largest cell is a pixel of the device.</param>
/// <param name="IsNear">It is, or one lies within 15 pixels of 500 (Zhang 2018).</param>
/// <param name="Energy">Share of the map that lies on the device, 0 to 1; what lies beside the film counts as beside it. Null: it is not
/// known how the film lies in the network's input, or the map is empty.</param>
/// <param name="MaskShare">Share of the film, as the network sees it, that is device; 0 where that is not known.</param>
public readonly record struct CamPlace(bool IsOn, bool IsNear, double? Energy, double MaskShare)
{
    private const double Tolerance = 15.0 / 500;

    /// <summary>Places a map.</summary>
    /// <param name="cam">The map.</param>
    /// <param name="mask">Rows · Columns of the film: all that is not 0 is device.</param>
    /// <param name="input">What the network was given; null: not known.</param>
    public static CamPlace Of(FilmCam cam, byte[] mask, RunInput? input) => Of(cam, new DeviceMask(mask, cam.Rows, cam.Columns), input);

    internal static CamPlace Of(FilmCam cam, DeviceMask mask, RunInput? input)
    {
        var (isOn, isNear) = (mask.Holds(cam.PeakY, cam.PeakX, 0), mask.Holds(cam.PeakY, cam.PeakX, Tolerance * Math.Max(cam.Rows, cam.Columns)));
        if (input is null || !cam.IsSquare) return new(isOn, isNear, null, 0);

        // From cells of the input to pixels of the film that was fitted into it.
        var shown = input.IsField || cam.IsRegion ? cam.Field : new FieldOfView(0, 0, cam.Rows, cam.Columns);
        var box = Letterbox.Fit(shown.Rows, shown.Columns, input.Height, input.Width);
        double Y(double cell) => shown.Top + (cell * input.Height / cam.Height - box.Top) * shown.Rows / box.Height;
        double X(double cell) => shown.Left + (cell * input.Width / cam.Width - box.Left) * shown.Columns / box.Width;
        double on = 0, sum = 0;
        for (var y = 0; y < cam.Height; y++)
            for (var x = 0; x < cam.Width; x++)
            {
                int cell = cam.Cells[(y * cam.Width) + x];
                if (cell == 0) continue;
                sum += cell;
                on += cell * mask.Share(Y(y), X(x), Y(y + 1), X(x + 1));
            }

        return new(isOn, isNear, sum == 0 ? null : on / sum, mask.Share(shown.Top, shown.Left, shown.Top + shown.Rows, shown.Left + shown.Columns));
    }
}
