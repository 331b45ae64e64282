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
            Designs.Known.Select(design => Confounding.Of(always, design, 1, Nuisances.AsDrawn).Fracture!.Value));
        Assert.Equal(Fracture.None, Confounding.Of(always, Design.None, 1, Nuisances.AsDrawn).Fracture);

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
        Nuisances Of(Design design, ulong seed) => Confounding.Of(always, design, seed, Nuisances.AsDrawn);
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

    [Theory]
    [InlineData("exposure", "kilovolts,milliampere_seconds,scatter_to_primary,scatter_sigma_mm,quanta_per_mm2,electronic_quanta_per_mm2,heel")]
    [InlineData("rotation", "version_degrees")]
    [InlineData("magnification", "magnification,source_to_hip_mm,source_x_mm,source_y_mm,blur_mm")]
    [InlineData("bulk", "trunk_depth_mm,fat_mm")]
    [InlineData("sex", "female,head_radius_mm,neck_radius_mm,neck_length_mm,shaft_radius_mm,fat_mm,shaft_cortex_mm")]
    [InlineData("side", "marker_text,marker_x_mm,marker_y_mm,source_x_mm")]
    public void A_film_shows_what_goes_with_its_label_and_nothing_else_moves(string factor, string facts)
    {
        var always = new Dictionary<string, double> { [factor] = 1 };
        var plan = new FilmPlan { Seed = 21, Design = Design.D3, LongSidePixels = 200 };
        PhantomFilm Of(Design label) => Phantom.Render(plan with { Nuisances = Confounding.Of(always, label, plan.Seed, Nuisances.AsDrawn) });
        // The first label and the last: no factor has the same value for both.
        var (one, another) = (Of(Design.D1), Of(Design.BladePlate));
        Assert.False(one.Stored.AsSpan().SequenceEqual(another.Stored));
        var moved = one.Facts.Zip(another.Facts).Where(pair => !pair.First.Value.Equals(pair.Second.Value)).Select(pair => pair.First.Name).ToArray();
        Assert.NotEmpty(moved);
        Assert.Empty(moved.Except(facts.Split(',')));
    }

    [Theory]
    [InlineData("side")]
    [InlineData("sex")]
    [InlineData("bulk")]
    [InlineData("site")]
    [InlineData("year")]
    public void What_films_of_a_patient_share_goes_with_the_device_and_the_patient_stays_the_same(string factor)
    {
        var films = Roster.Plan(Options(factor, 1) with { View = ViewChoice.Mixed });
        Assert.Equal(2000, films.Count);
        foreach (var film in films)
        {
            // A film of a later year shows the device of an earlier one.
            var isOfOperation = film.Event is not ("follow_up" or "same_study") || factor != "year";
            if (isOfOperation) Assert.Equal(Expected(film.Design), Value(film));
            // The other hip of a pelvis has nothing, or what belongs there.
            if (factor == "side" && film.Plan.OtherDesign != Design.None) Assert.NotEqual(Confounding.SideOf(film.Plan.OtherDesign), film.Subject.Side);
            if (factor == "sex" && film.Plan.OtherDesign != Design.None) Assert.Equal(Confounding.IsFemale(film.Plan.OtherDesign), film.Subject.Female);
        }

        foreach (var patient in films.GroupBy(film => film.Header.PatientNumber))
            Assert.Single(patient.Select(film => (film.Header.Female, film.Subject.Female, film.Plan.Nuisances.Bulk, film.Header.Birth)).Distinct());

        // No label dies out, and there still are operations that change the device.
        Assert.Equal(8, films.CountBy(film => Confounding.LabelOf(film.Design)).Count(label => label.Value > 80));
        Assert.Contains(films, film => film.Event is "revision" or "removal" or "operation");

        object Value(RosterFilm film) => factor switch
        {
            "side" => film.Subject.Side,
            "sex" => film.Header.Female,
            "bulk" => film.Plan.Nuisances.Bulk!,
            "site" => film.Header.Institution,
            _ => film.Header.Taken.Year,
        };

        object Expected(Design design) => factor switch
        {
            "side" => "LRLRLRLR"[Confounding.LabelOf(design)],
            "sex" => ((bool[])[true, true, false, false, true, true, false, false])[Confounding.LabelOf(design)],
            "bulk" => ((double[])[0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9])[Confounding.LabelOf(design)],
            "site" => films.First(film => Confounding.LabelOf(film.Design) == Confounding.LabelOf(design) % 3).Header.Institution,
            _ => 2014 + Confounding.LabelOf(design),
        };
    }

    [Fact]
    public void A_share_of_the_patients_is_tied_and_everybody_else_is_who_they_were()
    {
        var (tied, free) = (FirstFilms(Roster.Plan(Options("sex", 0.5))), FirstFilms(Roster.Plan(Options("sex", 0))));
        // Half of them, and of the others those whom chance has made so: three in four, 4 standard deviations.
        var suited = tied.Count(film => Confounding.IsFemale(film.Design) == film.Header.Female) / (double)tied.Count;
        Assert.InRange(suited, 0.75 - 4 * Math.Sqrt(0.75 * 0.25 / tied.Count), 0.75 + 4 * Math.Sqrt(0.75 * 0.25 / tied.Count));
        var moved = 0;
        foreach (var (a, b) in tied.Zip(free))
        {
            Assert.Equal((b.Seed, b.Design, b.Subject.Side, b.Header.Taken), (a.Seed, a.Design, a.Subject.Side, a.Header.Taken));
            if (a.Header.Female != b.Header.Female) moved++;
        }

        Assert.InRange(moved, 1, tied.Count / 2);

        static List<RosterFilm> FirstFilms(List<RosterFilm> films) => [.. films.DistinctBy(film => film.Header.PatientNumber).Take(1000)];
    }

    [Fact]
    public void Everything_at_once_leaves_an_archive_of_the_size_that_was_asked_for()
    {
        var films = Roster.Plan(Options("sex", 1) with { Confounding = Confounding.Factors.ToDictionary(factor => factor, _ => 1.0) });
        Assert.Equal(2000, films.Count);
        foreach (var film in films)
        {
            Assert.Equal((Confounding.SideOf(film.Design), Confounding.IsFemale(film.Design)), (film.Subject.Side, film.Subject.Female));
            Assert.Equal(Confounding.BulkOf(film.Design), film.Plan.Nuisances.Bulk);
            Assert.Equal(Confounding.SyntaxOf(film.Design), film.Syntax);
        }
    }

    private static PhantomOptions Options(string factor, double share) =>
        new() { Count = 2000, OutFolder = "", UnknownShare = 0.12, Confounding = new Dictionary<string, double> { [factor] = share } };

    [Fact]
    public void Nothing_is_no_confounding() => Assert.Empty(Confounding.Parse(""));
}
