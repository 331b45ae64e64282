using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>Chooses temperature and thresholds on validation films: pure functions of logits and truth.</summary>
internal static class Calibration
{
    /// <summary>Share of the catalogue's films that thresholds leave answered.</summary>
    public const double Coverage = 0.95;

    /// <summary>Share of films whose true class a conformal set may miss.</summary>
    public const double ConformalMiss = 0.05;

    private const double LeastTemperature = 0.2, GreatestTemperature = 20;

    /// <summary>The temperature with the least negative log likelihood (Guo 2017); 1 without films.</summary>
    /// <remarks>Golden section over log T: the likelihood has one minimum in 1/T (it is convex there).</remarks>
    public static double Temperature(IReadOnlyList<JudgedFilm> films)
    {
        var known = films.Where(film => film.Class >= 0).ToArray();
        if (known.Length == 0) return 1;

        double Loss(double logT) => known.Sum(film => film.LogSum(Math.Exp(logT)) - film.Logits[film.Class] / Math.Exp(logT));

        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(LeastTemperature), Math.Log(GreatestTemperature));
        while (high - low > 1e-5)
        {
            var (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
            if (Loss(a) < Loss(b)) high = b;
            else low = a;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>Thresholds of probability and energy that leave <see cref="Coverage"/> of the catalogue's films answered
    /// and, of those pairs, let the least unknown hardware through.</summary>
    /// <param name="films">Those of the catalogue, and those of unknown hardware where there are any.</param>
    /// <param name="temperature">Of the probabilities and energies.</param>
    /// <param name="features">Refuses some already; null where there is none.</param>
    public static (float MinimumProbability, float? MaximumEnergy) Thresholds(IReadOnlyList<JudgedFilm> films, double temperature, FeatureDistance? features)
    {
        var catalogue = films.Where(film => film.IsKnown).ToArray();
        var known = Scores(catalogue.Where(Passes), temperature);
        var unknown = Scores(films.Where(film => !film.IsKnown && Passes(film)), temperature);
        if (known.Length == 0) return (0, null);

        var energies = known.Select(film => film.Energy).Order().ToArray();
        var answered = Math.Min(known.Length, (int)Math.Ceiling(Coverage * catalogue.Length));
        (float, float?) best = (0, null);
        var leastPassed = int.MaxValue;

        // Each film of the catalogue that may go unanswered goes by its energy or by its probability: every division is tried.
        // From an even division outwards: of equals the one stands that leans on neither score, since the two miss different things, and where
        // all unknown hardware of the validation is refused anyway it says nothing of what neither has seen.
        var spare = known.Length - answered;
        foreach (var byEnergy in Enumerable.Range(0, spare + 1).OrderBy(byEnergy => Math.Abs(2 * byEnergy - spare)))
        {
            var energy = (float)energies[known.Length - 1 - byEnergy];
            var left = known.Where(film => film.Energy <= energy).Select(film => film.Probability).OrderDescending().ToArray();
            if (left.Length < answered) continue; // equal energies
            var probability = (float)left[answered - 1];
            var passed = unknown.Count(film => film.Energy <= energy && film.Probability >= probability);
            if (passed >= leastPassed) continue;
            leastPassed = passed;
            best = (probability, energy);
        }

        return best;

        bool Passes(JudgedFilm film) => !film.IsRefused && !(features is not null && features.Of(film.Features) > features.Maximum);
    }

    /// <summary>q_c of each class: the ⌈(n + 1)(1 − α)⌉-th smallest 1 − p_c of its n films, 1 when there are too few.</summary>
    /// <remarks>Split conformal prediction by class (Vovk 2012): of each class's films, at least 1 − α have their class in the set.</remarks>
    public static float[] Conformal(IReadOnlyList<JudgedFilm> films, double temperature, int classes)
    {
        var thresholds = new float[classes];
        for (var c = 0; c < classes; c++)
        {
            var shortfalls = films.Where(film => film.Class == c)
                .Select(film => 1 - (float)Math.Exp(film.Logits[c] / temperature - film.LogSum(temperature))).Order().ToArray();

            // The small subtrahend: 20 · 0.95 must not become 20 by rounding.
            var rank = (int)Math.Ceiling((shortfalls.Length + 1) * (1 - ConformalMiss) - 1e-9);

            // Of a class that refuses and that no film shows there is nothing to guarantee: it is in no set.
            if (shortfalls.Length == 0 && films.Count > 0 && !films[0].Answers[c]) continue;
            thresholds[c] = rank > shortfalls.Length ? 1 : Math.Clamp(shortfalls[rank - 1], 0, 1);
        }

        return thresholds;
    }

    // As the engine sees them: in single precision.
    private static (float Probability, float Energy)[] Scores(IEnumerable<JudgedFilm> films, double temperature) =>
        [.. films.Select(film => ((float)film.Probability(temperature), (float)film.Energy(temperature)))];
}
