namespace BulkImplantScan.Evaluation;

/// <summary>How often labels that were dealt out anew would be met as often as the true ones: is it more than chance?</summary>
public static class LabelPermutation
{
    /// <summary>Most classes of <see cref="OfWholeLabels"/>: 8! = 40,320 orders are all looked at.</summary>
    public const int MostLabels = 8;

    /// <summary>Labels dealt out film by film.</summary>
    /// <param name="truth">Labels.</param>
    /// <param name="called">Answers.</param>
    /// <param name="permutations">B, how many are drawn.</param>
    /// <param name="seed">The same seed gives the same p.</param>
    /// <returns>(1 + those that hit as often) / (1 + B): never 0 (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39).</returns>
    public static double OfFilms(ReadOnlySpan<int> truth, ReadOnlySpan<int> called, int permutations, ulong seed)
    {
        if (truth.Length != called.Length) throw new ArgumentException("not of one length", nameof(called));
        int[] dealt = [.. truth];
        var hits = Hits(dealt, called);
        var (state, asMany) = (seed, 0);
        for (var permutation = 0; permutation < permutations; permutation++)
        {
            for (var i = dealt.Length - 1; i > 0; i--)
            {
                var j = (int)Math.BigMul(Next(ref state), (ulong)(i + 1), out _);
                (dealt[i], dealt[j]) = (dealt[j], dealt[i]);
            }

            if (Hits(dealt, called) >= hits) asMany++;
        }

        return (1.0 + asMany) / (1.0 + permutations);
    }

    /// <summary>Labels exchanged as a whole: where all films of a label share what may have given it away, films are no independent draws.</summary>
    /// <param name="films">[truth][called], square, at most <see cref="MostLabels"/> labels.</param>
    /// <returns>Share of all orders of the labels that are hit at least as often, the true one among them: exact, at least 1 / K!.</returns>
    public static double OfWholeLabels(int[][] films)
    {
        var labels = films.Length;
        if (labels is < 1 or > MostLabels || films.Any(row => row.Length != labels)) throw new ArgumentException($"square, 1 to {MostLabels} labels", nameof(films));
        long hits = 0, all = 0, asMany = 0;
        for (var k = 0; k < labels; k++) hits += films[k][k];
        Deal(0, 0, 0);
        return asMany / (double)all;

        void Deal(int label, int taken, long sum)
        {
            if (label == labels)
            {
                all++;
                if (sum >= hits) asMany++;
                return;
            }

            for (var called = 0; called < labels; called++)
                if ((taken >> called & 1) == 0) Deal(label + 1, taken | 1 << called, sum + films[label][called]);
        }
    }

    private static int Hits(ReadOnlySpan<int> truth, ReadOnlySpan<int> called)
    {
        var hits = 0;
        for (var i = 0; i < truth.Length; i++) if (truth[i] == called[i]) hits++;
        return hits;
    }

    // SplitMix64 (Steele 2014).
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
