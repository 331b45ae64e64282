using System.Runtime.InteropServices;
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
        using var session = new NetworkSession(package, Batch, threads);
        var shape = session.FeatureMapShape;
        var (input, logits) = (Pinned(Batch * package.Input.FilmLength), Pinned(Batch * session.ClassCount));
        var (maps, gradients) = (Pinned(Batch * shape.Length), Pinned(Batch * shape.Length));
        using var bound = session.Bind(new(Address(input), Address(logits), Address(maps), Address(gradients), NetworkMemory.Cpu));
        var judged = new List<JudgedFilm>();
        foreach (var batch in which.Where(film => classOf.ContainsKey(films.Films[film].Label)).Chunk(Batch))
        {
            stop.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Length; i++)
                films.Normalise(batch[i], package.Input, input.AsSpan(i * package.Input.FilmLength, package.Input.FilmLength));
            bound.Run();
            for (var i = 0; i < batch.Length; i++)
            {
                var features = new float[shape.Channels];
                PooledFeatures.Compute(maps.AsSpan(i * shape.Length, shape.Length), shape, features);
                judged.Add(new(classOf[films.Films[batch[i]].Label], logits[(i * session.ClassCount)..((i + 1) * session.ClassCount)], answers) { Film = batch[i], Features = features });
            }
        }

        return judged;
    }

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);

    private static nint Address(float[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
