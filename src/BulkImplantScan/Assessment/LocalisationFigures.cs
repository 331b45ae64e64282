using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>Whether the network looked at the device: the Grad-CAM of its answer against a mask of the device, of one class or of all.</summary>
/// <remarks>Films that show a device and have a mask and a map, whatever the answer. A mean over the film of a map that says nothing has
/// <paramref name="MaskShare"/> of itself on the device: look at the two side by side.</remarks>
/// <param name="Id">Class; null for all of them.</param>
/// <param name="N">Films.</param>
/// <param name="Peak">Pointing game (Zhang 2018, IJCV 126:1084): the largest cell's middle is a pixel of the device.</param>
/// <param name="PeakNear">The same with the tolerance of that paper, 15 pixels of 500: within 3 % of the longer side.</param>
/// <param name="EnergyN">Films of which it is known how they lie in the network's input.</param>
/// <param name="Energy">Mean share of the map that lies on the device (Wang 2020, CVPRW); what lies beside the film counts as beside it.</param>
/// <param name="MaskShare">Mean share of the film, as the network sees it, that is device.</param>
public sealed record LocalisationFigures(string? Id, int N, Estimate Peak, Estimate PeakNear, int EnergyN, double? Energy, double? MaskShare)
{
    private const double Tolerance = 15.0 / 500;

    /// <summary>All devices, then one by one; empty where no such film has a mask.</summary>
    /// <exception cref="TruthException">A mask cannot be read, or is none of its film.</exception>
    internal static LocalisationFigures[] Of(LabelledRun run)
    {
        var films = run.Films.Where(film => film.Truth >= 0 && run.Classes[film.Truth].Kind == "device" && film is { Mask: not null, Cam: not null }).ToArray();
        if (films.Length == 0) return [];
        var places = new Place[films.Length];
        using var pool = new PixelBufferPool(Environment.ProcessorCount);
        var faults = new string?[films.Length];
        Parallel.For(0, films.Length, i => places[i] = Place.Of(films[i], run.Run.Manifest.Model!.Input, pool, out faults[i]));
        var fault = Array.FindIndex(faults, f => f is not null);
        if (fault >= 0)
            throw new TruthException($"{run.Truth.FullPath}, line {films[fault].Place.Line}: {faults[fault]}. Correct it, or leave \"mask\" empty.");
        var all = Enumerable.Range(0, films.Length).ToArray();
        return
        [
            Of(null, all, films, places),
            .. all.GroupBy(i => films[i].Truth).OrderBy(group => group.Key).Select(group => Of(run.Classes[group.Key].Id, [.. group], films, places)),
        ];
    }

    private static LocalisationFigures Of(string? id, int[] of, LabelledFilm[] films, Place[] places)
    {
        Estimate Share(Func<Place, bool> hits) =>
            LevelFigures.Share(Array.ConvertAll(of, i => new JudgedUnit(films[i].Patient, [], [], [], hits(places[i]))), _ => true, unit => unit.IsRight, null);
        var known = Array.FindAll(of, i => places[i].Energy is not null);
        return new(
            id, of.Length, Share(place => place.IsOn), Share(place => place.IsNear), known.Length,
            known.Length == 0 ? null : known.Average(i => places[i].Energy!.Value), known.Length == 0 ? null : known.Average(i => places[i].MaskShare));
    }

    /// <summary>One film's map against its mask.</summary>
    private readonly record struct Place(bool IsOn, bool IsNear, double? Energy, double MaskShare)
    {
        public static Place Of(LabelledFilm film, RunInput? input, PixelBufferPool pool, out string? fault)
        {
            var cam = film.Cam!;
            if (DeviceMask.Read(film.Mask!, cam.Rows, cam.Columns, pool, out fault) is not { } mask) return default;
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
}
