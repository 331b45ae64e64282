using BulkImplantScan.Assessment;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>Puts the Grad-CAMs of phantoms to the test.</summary>
public static class PhantomMaps
{
    /// <summary>Tries films that show a device, in their order.</summary>
    /// <param name="package">Whose maps.</param>
    /// <param name="films">Each is rendered once.</param>
    /// <param name="threads">Of the network.</param>
    /// <param name="stop">Cancels between films.</param>
    public static IReadOnlyList<MapTrial> Try(ModelPackage package, IReadOnlyList<FilmPlan> films, int threads, CancellationToken stop)
    {
        using var trials = new MapTrials(package, threads);
        using var pool = new PixelBufferPool(1);
        var reader = new PhantomReader(package.Input, pool);
        var film = new float[package.Input.FilmLength];
        var tried = new MapTrial[films.Count];
        for (var f = 0; f < films.Count; f++)
        {
            stop.ThrowIfCancellationRequested();
            tried[f] = trials.Try(film, reader.Read(new(films[f]), film).Box, seed: f);
        }

        return tried;
    }
}
