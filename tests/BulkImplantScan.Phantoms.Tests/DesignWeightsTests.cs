namespace BulkImplantScan.Phantoms.Tests;

public sealed class DesignWeightsTests
{
    [Fact]
    public void Designs_are_drawn_as_often_as_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        var films = Roster.Plan(new()
        {
            Count = 6000,
            OutFolder = folder.Path,
            Set = PhantomSet.Training,
            Edition = PhantomEdition.Second,
            UnknownShare = 0.2,
            Weights = DesignWeights.Parse("D3=3,D4=3,D1=0,antegrade_nail=3,cerclage=0", PhantomSet.Training),
        });
        var counts = films.GroupBy(film => film.Plan.Design).ToDictionary(same => same.Key, same => (double)same.Count());
        Assert.False(counts.ContainsKey(Design.D1) || counts.ContainsKey(Design.Cerclage));
        Assert.InRange(counts[Design.D3] / counts[Design.D2], 2.4, 3.7);
        Assert.InRange(counts[Design.D4] / counts[Design.D5], 2.4, 3.7);
        Assert.InRange(counts[Design.AntegradeNail] / counts[Design.LockingPlate], 2.3, 3.9);
    }

    [Theory]
    [InlineData("D3=2", true)]
    [InlineData("total_arthroplasty=0", false)]
    public void What_has_no_weight_does_not_come_by_a_conversion_either(string weights, bool expected)
    {
        using var folder = new TemporaryFolder();
        var films = Roster.Plan(new() { Count = 4000, OutFolder = folder.Path, Set = PhantomSet.Test, Edition = PhantomEdition.Second, Weights = DesignWeights.Parse(weights, PhantomSet.Test) });
        Assert.Equal(expected, films.Any(film => film.Plan.Design == Design.TotalArthroplasty));
        Assert.Equal(expected, films.Any(film => film.Event == "conversion"));
    }

    [Fact]
    public void The_test_world_never_shows_what_the_training_world_does_nor_the_other_way_round()
    {
        Assert.Throws<FormatException>(() => DesignWeights.Parse("antegrade_nail=1", PhantomSet.Test));
        Assert.Throws<FormatException>(() => DesignWeights.Parse("two_screw_nail=1", PhantomSet.Training));
    }

    [Fact]
    public void What_came_later_is_not_drawn_unless_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var films = Roster.Plan(new() { Count = 3000, OutFolder = folder.Path, Set = PhantomSet.Training, UnknownShare = 0.5, Weights = DesignWeights.Parse("D3=2", PhantomSet.Training) });
        Assert.DoesNotContain(films, film => film.Plan.Design == Design.AntegradeNail);
    }

    [Theory]
    [InlineData("D3")]
    [InlineData("D9=1")]
    [InlineData("D3=-1")]
    [InlineData("D3=NaN")]
    [InlineData("D3=1,D3=2")]
    public void Nonsense_is_refused(string text) => Assert.Throws<FormatException>(() => DesignWeights.Parse(text, PhantomSet.Test));

    [Theory]
    [InlineData("D1=0,D2=0,D3=0,D4=0,D5=0,D6=0")]
    [InlineData("blade_plate=0,two_screw_nail=0,total_arthroplasty=0,flexible_nails=0")]
    public void A_group_of_which_nothing_may_be_drawn_is_refused(string text) =>
        Assert.Contains("nothing", Assert.Throws<FormatException>(() => DesignWeights.Parse(text, PhantomSet.Test)).Message, StringComparison.Ordinal);
}
