namespace BulkImplantScan.Phantoms.Tests;

public sealed class CounterfactualTests
{
    public static TheoryData<Factor> Nuisance => [.. Enum.GetValues<Factor>().Except([Factor.DeviceSwapped, Factor.DeviceErased])];

    [Theory]
    [MemberData(nameof(Nuisance))]
    public void A_nuisance_changes_the_film_and_not_the_truth(Factor factor)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var (before, after) = Counterfactual.Render(new() { Seed = seed, Design = Design.D4, LongSidePixels = 256 }, factor);
            Assert.Equal((before.Label, before.Metal), (after.Label, after.Metal));
            Assert.False(before.Rows == after.Rows && before.Stored.AsSpan().SequenceEqual(after.Stored));
            if (factor is Factor.Pitch or Factor.Mirrored) continue;
            Assert.Equal(before.Mask, after.Mask);
            Assert.Equal(before.Side, after.Side);
        }
    }

    [Fact]
    public void Taking_the_marker_away_changes_its_corner_alone()
    {
        var (before, after) = Counterfactual.Render(new() { Seed = 3, Design = Design.D1, LongSidePixels = 400 }, Factor.MarkerRemoved);
        int changed = 0, top = before.Rows, bottom = 0, left = before.Columns, right = 0;
        for (var at = 0; at < before.Stored.Length; at++)
        {
            // What the enhancement carries farther is less than a sixty-fourth of the range.
            if (Math.Abs(before.Stored[at] - after.Stored[at]) < 1 << (before.BitsStored - 6)) continue;
            changed++;
            (top, bottom) = (Math.Min(top, at / before.Columns), Math.Max(bottom, at / before.Columns));
            (left, right) = (Math.Min(left, at % before.Columns), Math.Max(right, at % before.Columns));
        }

        Assert.True(changed > 20, $"{changed} pixels");
        Assert.True((bottom - top) * before.PitchMm < 60 && (right - left) * before.PitchMm < 60, $"{right - left} by {bottom - top} pixels");
    }

    [Fact]
    public void The_other_hip_is_the_mirror_image()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var (left, right) = Counterfactual.Render(new() { Seed = seed, Design = Design.D2, LongSidePixels = 300 }, Factor.Mirrored);
            Assert.Equal(('L', 'R'), (left.Side, right.Side));
            // The tube and a turn of the film stay where they were: nearly, not exactly.
            int same = 0, all = 0;
            for (var at = 0; at < left.Mask.Length; at++)
            {
                var mirrored = at / left.Columns * left.Columns + left.Columns - 1 - at % left.Columns;
                if (left.Mask[at] > 0 && right.Mask[mirrored] > 0) same++;
                if (left.Mask[at] > 0 || right.Mask[mirrored] > 0) all++;
            }

            Assert.True(all > 300);
            if (Math.Abs(Turn(left)) < 1.2) Assert.True(same > 0.5 * all, $"seed {seed}: {same} of {all}");
        }

        static double Turn(PhantomFilm film) => (double)film.Facts.Single(fact => fact.Name == "turn_degrees").Value;
    }

    [Theory]
    [InlineData(PhantomEdition.First)]
    [InlineData(PhantomEdition.Second)]
    public void A_swapped_device_is_another_of_the_same_material_and_nothing_else_that_was_drawn_is_another(PhantomEdition edition)
    {
        foreach (var design in Designs.Known)
        {
            var (before, after) = Counterfactual.Render(new() { Seed = 8, Design = design, LongSidePixels = 200, Edition = edition }, Factor.DeviceSwapped);
            Assert.NotEqual(before.Label, after.Label);
            Assert.Equal(before.Metal, after.Metal);
            Assert.Equal(before.Facts, after.Facts);
        }

        Assert.Throws<ArgumentException>(() => Counterfactual.Plans(new() { Seed = 8, Design = Design.None }, Factor.DeviceSwapped));
    }

    [Fact]
    public void An_erased_device_leaves_the_plain_hip()
    {
        var (before, after) = Counterfactual.Render(new() { Seed = 8, Design = Design.D3, LongSidePixels = 200 }, Factor.DeviceErased);
        Assert.Equal(("D3", "none"), (before.Label, after.Label));
        Assert.Equal(Phantom.Render(8, Design.None, 200).Stored, after.Stored);
        Assert.All(after.Mask, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Metal_on_even_ground_has_no_bone_beside_it()
    {
        var (_, after) = Counterfactual.Render(new() { Seed = 8, Design = Design.D2, LongSidePixels = 256 }, Factor.MetalOnly);
        var (_, erased) = Counterfactual.Render(new() { Seed = 8, Design = Design.None, LongSidePixels = 256 }, Factor.MetalOnly);
        // Without the device nothing but heel, noise and enhancement is left: a hundredth of the range and more is noise of many pixels.
        var values = erased.Stored.Select(stored => erased.Transform.Apply(stored)).ToArray();
        Assert.InRange(values.Max() - values.Min(), 0, 0.35f);
        Assert.Contains(after.Mask, value => value == 255);
    }

    [Fact]
    public void Places_of_markers_and_edges_of_collimators_can_be_chosen()
    {
        for (var place = 0; place < 8; place++)
        {
            var film = Phantom.Render(new FilmPlan
            {
                Seed = 12, Design = Design.D1, LongSidePixels = 128, Nuisances = new() { Marker = true, MarkerPlace = place, CollimatorEdges = place },
            });
            var facts = film.Facts.ToDictionary(fact => fact.Name, fact => fact.Value);
            double x = (double)facts["marker_x_mm"], y = (double)facts["marker_y_mm"];
            var angle = (Math.Atan2(y / film.Rows, x / film.Columns) * 180 / Math.PI + 135 + 360) % 360;
            Assert.Equal(place * 45, angle, 1.0);
            Assert.Equal(System.Numerics.BitOperations.PopCount((uint)place), facts["collimator_edges"]);
        }
    }

    public static TheoryData<Nuisances> Nonsense =>
    [
        new Nuisances { Machine = 5 }, new Nuisances { Bulk = 1.1 }, new Nuisances { Bulk = double.NaN }, new Nuisances { RotationDegrees = -23 },
        new Nuisances { Magnification = 2 }, new Nuisances { Age = 17 }, new Nuisances { Side = 'B' },
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nuisances_outside_their_range_are_refused(Nuisances nuisances) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Phantom.Render(new FilmPlan { Seed = 1, Design = Design.D1, Nuisances = nuisances }));
}
