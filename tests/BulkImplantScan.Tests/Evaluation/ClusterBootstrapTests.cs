using BulkImplantScan.Evaluation;
using CsCheck;

namespace BulkImplantScan.Tests.Evaluation;

public sealed class ClusterBootstrapTests
{
    [Fact]
    public void The_same_seed_gives_the_same_intervals_and_another_seed_others()
    {
        static Interval? Places(ulong seed) => new ClusterBootstrap([.. Enumerable.Range(0, 90).Select(i => i / 2)], 500, seed).Of(
            1, (weights, into) => into[0] = weights.Select((weight, i) => weight * Math.Sqrt(i)).Sum())[0];
        Assert.Equal(Places(7), Places(7));
        Assert.NotEqual(Places(7), Places(8));
    }

    [Fact]
    public void Of_one_patient_nothing_can_be_said() => Assert.Null(Share([.. Enumerable.Repeat(0, 50)], 1));

    [Fact]
    public void All_right_has_no_width_and_says_so() =>
        Assert.Null(new ClusterBootstrap([0, 1, 2, 3], 200, 1).Of(1, (weights, into) => into[0] = 1)[0]);

    [Fact]
    public void Without_units_there_is_nothing() => Assert.Null(Share([], 1));

    [Fact]
    public void Independent_films_spread_as_the_binomial_law_and_films_in_fours_twice_as_wide()
    {
        // 0.7 of 400: 1.96 · √(0.21 / 400) = 0.0449 either side; of 100 patients whose films all agree, twice that. 4000 replicates: the ends vary by some 2 %.
        var alone = Share([.. Enumerable.Range(0, 400)], 3, replicates: 4000)!.Value;
        var fours = Share([.. Enumerable.Range(0, 400).Select(i => i / 4)], 3, replicates: 4000)!.Value;
        Assert.InRange(alone.High - alone.Low, 0.0898 * 0.9, 0.0898 * 1.1);
        Assert.InRange(fours.High - fours.Low, 0.1796 * 0.9, 0.1796 * 1.1);
    }

    [Fact]
    public void Every_draw_takes_as_many_patients_as_there_are_each_with_all_its_films() =>
        Gen.Int[1, 30].Sample(count =>
        {
            int[] patients = [.. Enumerable.Range(0, 3 * count).Select(i => i / 3)];
            new ClusterBootstrap(patients, 20, 5).Of(1, (weights, into) =>
            {
                Assert.Equal(3 * count, weights.Sum());
                for (var i = 0; i < weights.Length; i++) Assert.Equal(weights[i / 3 * 3], weights[i]);
            });
        });

    [Fact]
    public void A_figure_that_most_draws_leave_undefined_has_no_interval() =>
        Assert.Null(new ClusterBootstrap([0, 1, 2, 3], 200, 1).Of(1, (weights, into) => into[0] = weights[0] > 0 ? weights[1] : double.NaN)[0]);

    [Fact]
    public void Areas_of_weights_are_those_of_films_counted_so_often() =>
        Gen.Select(Gen.Int[-3, 3], Gen.Bool, Gen.Int[0, 3]).Array[1, 40].Sample(films =>
        {
            var problem = new OneVersusRest(
                [.. Enumerable.Range(0, films.Length)], Array.ConvertAll(films, f => f.Item2), Array.ConvertAll(films, f => f.Item1 > 0), Array.ConvertAll(films, f => (double)f.Item1));
            double[] Drawn(bool of) => [.. films.Where(f => f.Item2 == of).SelectMany(f => Enumerable.Repeat((double)f.Item1, f.Item3))];
            Assert.Equal(AucDeLong.Of(Drawn(true), Drawn(false)).Auc, problem.Auc(Array.ConvertAll(films, f => f.Item3)), 1e-12);
        });

    private static Interval? Share(int[] patients, ulong seed, int replicates = 500)
    {
        // The right ones first, in whole patients of four, so that films of one patient agree.
        var right = (int)(0.7 * patients.Length) / 4 * 4;
        return new ClusterBootstrap(patients, replicates, seed).Of(1, (weights, into) =>
        {
            double hits = 0, all = 0;
            for (var i = 0; i < weights.Length; i++) (hits, all) = (hits + (i < right ? weights[i] : 0), all + weights[i]);
            into[0] = hits / all;
        })[0];
    }
}
