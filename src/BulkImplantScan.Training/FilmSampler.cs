using BulkImplantScan.Imaging;

namespace BulkImplantScan.Training;

/// <summary>What each step is trained on: films in an order of the epoch's own, augmented, some shown as something else.</summary>
/// <param name="films">All films.</param>
/// <param name="input">Size and normalisation.</param>
/// <param name="classOf">Place of each label among the logits.</param>
/// <param name="options">Seed, threads, whether to augment, share of metal alone.</param>
internal sealed class FilmSampler(FilmSet films, InputGeometry input, IReadOnlyDictionary<string, long> classOf, TrainingOptions options)
{
    // Of the films without an implant, those that metal of no catalogue is drawn over; of all films, those that become another body part.
    private const double HardwareShare = 0.3, OtherShare = 0.06;

    private readonly long _none = classOf.GetValueOrDefault(Catalogue.NoImplant, -1);
    private readonly long _unknown = classOf.GetValueOrDefault(Catalogue.Unknown, -1);
    private readonly long _other = classOf.GetValueOrDefault(Catalogue.Other, -1);

    /// <summary>What a film becomes: shares of all that may become so.</summary>
    /// <param name="at">Even from 0 to 1, of the film and the epoch.</param>
    /// <param name="mayBeOther">The model has a class for films without a hip.</param>
    /// <param name="mayHaveHardware">It has one for unknown hardware, and the film shows no implant.</param>
    /// <param name="metalAlone">Of such films, the share that shows metal alone.</param>
    internal static DrawnAs Becomes(double at, bool mayBeOther, bool mayHaveHardware, double metalAlone) =>
        mayBeOther && at < OtherShare ? DrawnAs.Other
        : mayHaveHardware && at < OtherShare + HardwareShare ? DrawnAs.Hardware
        : at > 1 - metalAlone ? DrawnAs.Metal
        : DrawnAs.Film;

    /// <summary>The films of an epoch, shuffled: the same for the same seed.</summary>
    public int[] Order(int[] training, int epoch)
    {
        var order = (int[])training.Clone();
        new Random(Mix(options.Seed, epoch, -1)).Shuffle(order);
        return order;
    }

    /// <summary>Draws the films of a step, each the same whatever the threads.</summary>
    /// <param name="order">Of <see cref="Order"/>; begins again at its end.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">Of the epoch, from 0.</param>
    /// <param name="batch">Filled.</param>
    public void Draw(int[] order, int epoch, int step, TrainingBatch batch) => Parallel.For(
        0,
        batch.Count,
        new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
        i =>
        {
            var film = order[(step * batch.Count + i) % order.Length];
            var label = classOf[films.Films[film].Label];
            var random = new Random(Mix(options.Seed, epoch, film));
            var source = films[film];
            var mask = films.Mask(film);
            var becomes = Becomes(
                random.NextDouble(), _other >= 0, _unknown >= 0 && label == _none, options.Augment && mask.ContainsAnyExcept((byte)0) ? options.MetalAlone : 0);
            if (becomes == DrawnAs.Other)
            {
                var drawn = batch.Scratch(i);
                DrawnOther.Draw(source, films.Side, random, drawn);
                source = drawn;
                mask = [];
                label = _other;
            }
            else if (becomes == DrawnAs.Hardware)
            {
                var drawn = batch.Scratch(i);
                source.CopyTo(drawn);
                DrawnHardware.Draw(drawn, films.Side, random);
                source = drawn;
                mask = [];
                label = _unknown;
            }
            else if (becomes == DrawnAs.Metal)
            {
                var drawn = batch.Scratch(i);
                MetalAlone.Draw(source, films.Side, mask, random, drawn);
                source = drawn;
            }

            var target = batch.Masks.AsSpan(i * films.MaskSide * films.MaskSide, films.MaskSide * films.MaskSide);
            var drawnFilm = batch.Films.AsSpan(i * input.FilmLength, input.FilmLength);
            if (options.Augment) Augmentation.Draw(source, mask, input, random, drawnFilm, target);
            else Augmentation.AsItIs(source, mask, input, drawnFilm, target);
            batch.Labels[i] = label;
            batch.HasMask[i] = !mask.IsEmpty && target.ContainsAnyExcept(0f) ? 1 : 0;
        });

    /// <summary>Inverse frequency of what is drawn of these films, mean 1: a rare device counts as much as a common one.</summary>
    public float[] ClassWeights(int[] training)
    {
        var counts = new double[classOf.Count];
        foreach (var film in training)
        {
            var label = classOf[films.Films[film].Label];
            var left = 1.0;
            if (_other >= 0) (counts[_other], left) = (counts[_other] + OtherShare, left - OtherShare);
            if (_unknown >= 0 && label == _none) (counts[_unknown], left) = (counts[_unknown] + HardwareShare, left - HardwareShare);
            counts[label] += left;
        }

        return Array.ConvertAll(counts, count => count == 0 ? 0 : (float)(training.Length / (count * counts.Length)));
    }

    // Not System.HashCode, which differs from process to process.
    private static int Mix(int seed, int epoch, int film)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)film) + 0x9E3779B97F4A7C15 * (ulong)(epoch + 1);
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)(mixed ^ mixed >> 31);
    }
}
