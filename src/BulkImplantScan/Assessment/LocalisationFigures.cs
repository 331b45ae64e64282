using BulkImplantScan.Imaging;

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
    /// <summary>All devices, then one by one; empty where no such film has a mask.</summary>
    /// <exception cref="TruthException">A mask cannot be read, or is none of its film.</exception>
    internal static LocalisationFigures[] Of(LabelledRun run)
    {
        var films = run.Films.Where(film => film.Truth >= 0 && run.Classes[film.Truth].Kind == "device" && film is { Mask: not null, Cam: not null }).ToArray();
        if (films.Length == 0) return [];
        var places = new CamPlace[films.Length];
        using var pool = new PixelBufferPool(Environment.ProcessorCount);
        var faults = new string?[films.Length];
        Parallel.For(0, films.Length, i =>
        {
            var cam = films[i].Cam!;
            if (DeviceMask.Read(films[i].Mask!, cam.Rows, cam.Columns, pool, out faults[i]) is { } mask) places[i] = CamPlace.Of(cam, mask, run.Run.Manifest.Model!.Input);
        });
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

    private static LocalisationFigures Of(string? id, int[] of, LabelledFilm[] films, CamPlace[] places)
    {
        Estimate Share(Func<CamPlace, bool> hits) =>
            LevelFigures.Share(Array.ConvertAll(of, i => new JudgedUnit(films[i].Patient, [], [], [], hits(places[i]))), _ => true, unit => unit.IsRight, null);
        var known = Array.FindAll(of, i => places[i].Energy is not null);
        return new(
            id, of.Length, Share(place => place.IsOn), Share(place => place.IsNear), known.Length,
            known.Length == 0 ? null : known.Average(i => places[i].Energy!.Value), known.Length == 0 ? null : known.Average(i => places[i].MaskShare));
    }
}
