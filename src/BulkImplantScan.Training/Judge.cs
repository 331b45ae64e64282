using BulkImplantScan.Explanation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>Runs a written package over films, as a scan does: what is calibrated and reported is what will run.</summary>
internal static class Judge
{
    private const int Batch = 16;

    /// <summary>Logits and pooled features of the films whose label is a class of the model, or unknown hardware; others are left out.</summary>
    public static IReadOnlyList<JudgedFilm> Run(ModelPackage package, FilmSet films, IEnumerable<int> which, int threads, CancellationToken stop)
    {
        var classOf = package.Classes.Select((device, c) => (device.Id, c)).ToDictionary(StringComparer.Ordinal);
        classOf.TryAdd(Catalogue.Unknown, -1);
        var answers = package.Classes.Select(device => device.Answers).ToArray();
        using var network = new HostNetwork(package, Batch, threads);
        var judged = new List<JudgedFilm>();
        foreach (var batch in which.Where(film => classOf.ContainsKey(films.Films[film].Label)).Chunk(Batch))
        {
            stop.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Length; i++)
                films.Normalise(batch[i], package.Input, network.Input(i));
            network.Run();
            for (var i = 0; i < batch.Length; i++)
            {
                var features = new float[network.Shape.Channels];
                PooledFeatures.Compute(network.FeatureMaps(i), network.Shape, features);
                judged.Add(new(classOf[films.Films[batch[i]].Label], network.Logits(i).ToArray(), answers) { Film = batch[i], Features = features });
            }
        }

        return judged;
    }
}
