namespace BulkImplantScan.Training.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void Logits_that_were_multiplied_are_divided_again()
    {
        // Truth drawn from softmax(z), logits given as 3z: the best temperature is 3.
        var random = new Random(1);
        var films = Enumerable.Range(0, 20_000).Select(_ =>
        {
            var z = new[] { random.NextSingle() * 4, random.NextSingle() * 4, random.NextSingle() * 4 };
            var sum = z.Sum(x => Math.Exp(x));
            var draw = random.NextDouble() * sum;
            var truth = draw < Math.Exp(z[0]) ? 0 : draw < Math.Exp(z[0]) + Math.Exp(z[1]) ? 1 : 2;
            return new JudgedFilm(truth, Array.ConvertAll(z, x => 3 * x), All(3));
        }).ToArray();

        // The standard error of T is about T/√(n·Var z) ≈ 0.03 here.
        Assert.Equal(3, Calibration.Temperature(films), 0.12);
    }

    [Fact]
    public void Conformal_rank_is_the_textbook_one()
    {
        // α = 0.05: of 19 films the 19th smallest, of 18 none is enough (CLINICAL, test vectors).
        JudgedFilm Film(int n) => new(0, [MathF.Log((n + 1) / 40f), MathF.Log(1 - (n + 1) / 40f)], All(2));

        Assert.Equal(1 - 1 / 40f, Calibration.Conformal([.. Enumerable.Range(0, 19).Select(Film)], 1, 2)[0], 1e-5f);
        Assert.Equal([1f, 1f], Calibration.Conformal([.. Enumerable.Range(0, 18).Select(Film)], 1, 2));

        // Of 39 the 38th.
        Assert.Equal(1 - 2 / 40f, Calibration.Conformal([.. Enumerable.Range(0, 39).Select(Film)], 1, 2)[0], 1e-5f);
    }

    [Fact]
    public void Thresholds_keep_the_promised_share_of_known_films()
    {
        var random = new Random(2);
        var films = Enumerable.Range(0, 500).Select(i => new JudgedFilm(i < 400 ? 0 : -1, [random.NextSingle() * 8, random.NextSingle() * 4], All(2))).ToArray();
        var (probability, energy) = Calibration.Thresholds(films, 1, features: null);
        var answered = films.Count(film => film.Class == 0 && (float)film.Probability(1) >= probability && (float)film.Energy(1) <= energy);
        Assert.Equal(Math.Ceiling(400 * Calibration.Coverage), answered);
    }

    [Fact]
    public void Unknown_hardware_that_only_energy_tells_apart_is_refused_by_energy()
    {
        // Small logits with the same differences: the same probabilities, another energy.
        JudgedFilm Known(int i) => new(0, [12 + i * 0.01f, 8 + i * 0.01f], All(2));
        JudgedFilm Unknown(int i) => new(-1, [4 + i * 0.01f, 0 + i * 0.01f], All(2));
        JudgedFilm[] films = [.. Enumerable.Range(0, 100).Select(Known), .. Enumerable.Range(0, 50).Select(Unknown)];
        var (_, energy) = Calibration.Thresholds(films, 1, features: null);
        Assert.DoesNotContain(films, film => film.Class < 0 && (float)film.Energy(1) <= energy);
    }

    [Fact]
    public void Where_unknown_hardware_says_nothing_both_scores_refuse_the_same_share()
    {
        // Probability and energy are independent here, and all unknown hardware is refused by its class.
        var random = new Random(3);
        bool[] answers = [true, true, false];
        JudgedFilm[] films =
        [
            .. Enumerable.Range(0, 1000).Select(_ =>
            {
                var (level, margin) = (random.NextSingle() * 8, random.NextSingle() * 6);
                return new JudgedFilm(0, [10 + level, 10 + level - margin, -20], answers);
            }),
            .. Enumerable.Range(0, 50).Select(_ => new JudgedFilm(2, [0, 0, 9], answers)),
        ];
        var (probability, energy) = Calibration.Thresholds(films, 1, features: null);
        var known = films.Where(film => film.IsKnown).ToArray();
        Assert.InRange(known.Count(film => (float)film.Energy(1) > energy), 20, 30);
        Assert.InRange(known.Count(film => (float)film.Probability(1) < probability), 20, 35);
        Assert.Equal(950, known.Count(film => (float)film.Energy(1) <= energy && (float)film.Probability(1) >= probability));
    }

    [Fact]
    public void Without_films_nothing_is_refused()
    {
        Assert.Equal(1, Calibration.Temperature([]));
        Assert.Equal((0f, null), Calibration.Thresholds([], 1, features: null));
    }

    [Fact]
    public void A_class_that_refuses_counts_neither_as_answered_nor_as_passed()
    {
        // Class 1 refuses: known films that it takes go unanswered, unknown films that it takes do not pass.
        bool[] answers = [true, false];
        JudgedFilm[] films =
        [
            .. Enumerable.Range(0, 97).Select(i => new JudgedFilm(0, [5 + i * 0.01f, 0], answers)), .. Enumerable.Range(0, 3).Select(_ => new JudgedFilm(0, [0, 5], answers)),
            .. Enumerable.Range(0, 20).Select(_ => new JudgedFilm(1, [0, 5], answers)),
        ];
        var (probability, energy) = Calibration.Thresholds(films, 1, features: null);
        var answered = films.Count(film => film.IsKnown && !film.IsRefused && (float)film.Probability(1) >= probability && (float)film.Energy(1) <= (energy ?? float.MaxValue));
        Assert.Equal(Math.Ceiling(100 * Calibration.Coverage), answered);
    }

    [Fact]
    public void A_class_that_refuses_and_that_no_film_shows_is_in_no_conformal_set()
    {
        bool[] answers = [true, false];
        JudgedFilm[] films = [.. Enumerable.Range(0, 30).Select(i => new JudgedFilm(0, [i * 0.1f, 0], answers))];
        Assert.Equal(0, Calibration.Conformal(films, 1, 2)[1]);
    }

    private static bool[] All(int classes) => [.. Enumerable.Repeat(true, classes)];
}
