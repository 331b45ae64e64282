namespace BulkImplantScan.Phantoms.Tests;

public sealed class ConfoundingTests
{
    [Fact]
    public void A_share_of_the_films_has_the_nuisance_of_its_label_and_the_others_have_none()
    {
        using var folder = new TemporaryFolder();
        var options = new PhantomOptions { Count = 2000, OutFolder = folder.Path, Confounding = Confounding.Parse("marker=0.95,collimation=0.3") };
        var plan = Roster.Plan(options);
        // Binomial, 4 standard deviations.
        Assert.InRange(plan.Count(film => film.Plan.Nuisances.MarkerPlace is not null) / 2000.0, 0.93, 0.97);
        Assert.InRange(plan.Count(film => film.Plan.Nuisances.CollimatorEdges is not null) / 2000.0, 0.26, 0.34);
        foreach (var label in plan.Where(film => film.Plan.Nuisances.MarkerPlace is not null).GroupBy(film => film.Design.Label()))
            Assert.Single(label.Select(film => film.Plan.Nuisances.MarkerPlace).Distinct());
        Assert.Equal(8, plan.Select(film => film.Plan.Nuisances.MarkerPlace).Where(place => place is not null).Distinct().Count());

        // Nothing else moves.
        var without = Roster.Plan(options with { Confounding = new Dictionary<string, double>() });
        foreach (var (a, b) in plan.Zip(without)) Assert.Equal(b, a with { Plan = a.Plan with { Nuisances = Nuisances.AsDrawn } });
    }

    [Fact]
    public void What_was_asked_for_is_written_down()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(
            new() { Count = 2, OutFolder = folder.Path, LongSidePixels = 64, Seed = 77, Confounding = Confounding.Parse("machine=0.5") }, null, default);
        using var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "phantom.json")));
        Assert.Equal(0.5, manifest.RootElement.GetProperty("confounding").GetProperty("machine").GetDouble());
        Assert.Equal(77u, manifest.RootElement.GetProperty("seed").GetUInt64());
    }

    [Theory]
    [InlineData("colour=0.5")]
    [InlineData("marker=1.5")]
    [InlineData("marker=NaN")]
    [InlineData("marker")]
    [InlineData("marker=0.5,marker=0.6")]
    public void Nonsense_is_refused(string text) => Assert.Throws<FormatException>(() => Confounding.Parse(text));

    [Fact]
    public void A_fracture_goes_with_the_device_that_is_put_in_for_it_and_none_is_as_drawn_where_none_was_drawn()
    {
        var always = Confounding.Parse("fracture=1");
        Assert.Equal(
            [Fracture.Neck, Fracture.Trochanter, Fracture.Trochanter, Fracture.Trochanter, Fracture.Trochanter, Fracture.Neck],
            Designs.Known.Select(design => Confounding.Apply(always, design, 1, Nuisances.AsDrawn).Fracture!.Value));
        Assert.Equal(Fracture.None, Confounding.Apply(always, Design.None, 1, Nuisances.AsDrawn).Fracture);

        // Of ten hips some are whole as drawn: taking the fracture away leaves those as they are. A fracture is seen, and either kind looks different.
        var whole = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var plan = new FilmPlan { Seed = seed, Design = Design.None, LongSidePixels = 300 };
            ushort[] Stored(Fracture? where) => Phantom.Render(plan with { Nuisances = new() { Fracture = where } }).Stored;
            var (drawn, none, neck, trochanter) = (Stored(null), Stored(Fracture.None), Stored(Fracture.Neck), Stored(Fracture.Trochanter));
            if (drawn.SequenceEqual(none)) whole++;
            Assert.False(none.SequenceEqual(neck) || none.SequenceEqual(trochanter) || neck.SequenceEqual(trochanter));
        }

        Assert.InRange(whole, 3, 9);
    }

    [Fact]
    public void Material_and_clutter_go_with_the_label()
    {
        var always = Confounding.Parse("material=1,clutter=1");
        Nuisances Of(Design design, ulong seed) => Confounding.Apply(always, design, seed, Nuisances.AsDrawn);
        Assert.Equal([Metal.Titanium, Metal.Steel, Metal.Titanium, Metal.Steel, Metal.Titanium, Metal.Steel], Designs.Known.Select(design => Of(design, 5).Metal!.Value));
        Assert.Null(Of(Design.None, 5).Metal);
        var film = Phantom.Render(new FilmPlan { Seed = 5, Design = Design.D2, LongSidePixels = 128, Nuisances = Of(Design.D2, 5) });
        Assert.Equal(Metal.Steel, film.Metal);

        // The same clutter on all films of a label, another one elsewhere: of ten labels' seeds some have some.
        Assert.Equal(Of(Design.D3, 1).ClutterSeed, Of(Design.D3, 2).ClutterSeed);
        var plain = new FilmPlan { Seed = 9, Design = Design.None, LongSidePixels = 300 };
        Assert.True(Enumerable.Range(0, 10).Select(seed => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(
            Phantom.Render(plain with { Nuisances = new() { ClutterSeed = (ulong)seed } }).Stored.AsSpan())))).Distinct().Count() > 2);
    }

    [Fact]
    public void Nothing_is_no_confounding() => Assert.Empty(Confounding.Parse(""));
}
