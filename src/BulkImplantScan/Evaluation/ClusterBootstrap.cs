namespace BulkImplantScan.Evaluation;

/// <summary>Bootstrap of patients: what would the figures be with other patients of the same kind?</summary>
/// <remarks>As many patients as there are, drawn with replacement, each with all its films (Field and Welsh 2007, JRSS B 69:369). 95 % percentile intervals. A replicate in which
/// a figure is not defined (no film of the class) does not count for it. The same seed gives the same intervals whatever the number of threads.</remarks>
/// <param name="patients">Of each unit its patient, [0, P).</param>
/// <param name="replicates">B.</param>
/// <param name="seed">Any.</param>
public sealed class ClusterBootstrap(IReadOnlyList<int> patients, int replicates, ulong seed)
{
    private readonly int _clusters = patients.Count == 0 ? 0 : patients.Max() + 1;

    /// <summary>Intervals of several figures from the same draws.</summary>
    /// <param name="figures">How many.</param>
    /// <param name="compute">Works them out of weights, how often each unit was drawn, into its second argument; from any thread. NaN: not defined.</param>
    /// <returns>Null where fewer than nine of ten replicates define the figure, or where all have one value: such an interval would have no width, and say that nothing could be otherwise.</returns>
    public Interval?[] Of(int figures, Action<int[], double[]> compute)
    {
        var values = new double[figures][];
        for (var f = 0; f < figures; f++) values[f] = new double[replicates];
        if (_clusters > 0)
        {
            Parallel.For(
                0, replicates,
                () => (Drawn: new int[_clusters], Weights: new int[patients.Count], Figures: new double[figures]),
                (replicate, _, buffers) =>
                {
                    Draw(replicate, buffers.Drawn);
                    for (var i = 0; i < buffers.Weights.Length; i++) buffers.Weights[i] = buffers.Drawn[patients[i]];
                    compute(buffers.Weights, buffers.Figures);
                    for (var f = 0; f < figures; f++) values[f][replicate] = buffers.Figures[f];
                    return buffers;
                },
                _ => { });
        }

        return Array.ConvertAll(values, Percentiles);
    }

    private void Draw(int replicate, int[] drawn)
    {
        Array.Clear(drawn);
        var state = Mix(seed) + (ulong)replicate * 0xD1B54A32D192ED03;
        for (var i = 0; i < drawn.Length; i++)
            drawn[(int)Math.BigMul(Mix(state += 0x9E3779B97F4A7C15), (ulong)drawn.Length, out _)]++;
    }

    private Interval? Percentiles(double[] values)
    {
        var defined = Array.FindAll(values, double.IsFinite);
        if (_clusters == 0 || defined.Length < 0.9 * replicates) return null;
        Array.Sort(defined);
        return defined[0] == defined[^1] ? null : new(Quantile(defined, 0.025), Quantile(defined, 0.975));
    }

    /// <summary>Type 7 of Hyndman and Fan 1996: what R and numpy do unless told otherwise.</summary>
    private static double Quantile(double[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The output function of SplitMix64 (Steele 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
