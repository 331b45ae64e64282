using BulkImplantScan.Phantoms.Tests.Writing;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms.Tests;

public sealed class PelvisTests
{
    [Theory]
    [InlineData(Design.None, Design.None)]
    [InlineData(Design.D2, Design.None)]
    [InlineData(Design.None, Design.D4)]
    [InlineData(Design.D1, Design.D6)]
    public void Each_hip_of_a_pelvis_has_its_own_truth_on_its_own_half(Design one, Design other)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var film = Phantom.Render(new FilmPlan { Seed = seed, Design = one, OtherDesign = other, View = View.Pelvis, LongSidePixels = 320 });
            Assert.Equal(2, film.Hips.Count);
            Assert.Equal((one, other), (film.Hips[0].Design, film.Hips[1].Design));
            Assert.NotEqual(film.Hips[0].Side, film.Hips[1].Side);
            foreach (var hip in film.Hips)
            {
                // The patient faces the reader: left is on the right. The midline is within a tenth of the middle.
                double left = 0, right = 0;
                for (var at = 0; at < hip.Mask.Length; at++)
                {
                    if (hip.Mask[at] == 0) continue;
                    if (at % film.Columns < film.Columns * 0.4) left++;
                    if (at % film.Columns > film.Columns * 0.6) right++;
                }

                if (hip.Design == Design.None) Assert.Equal((0, 0), (left, right));
                else if (hip.Side == 'L') Assert.True(right > 100 && left == 0, $"seed {seed}: {left} left, {right} right");
                else Assert.True(left > 100 && right == 0, $"seed {seed}: {left} left, {right} right");
            }
        }
    }

    [Fact]
    public void A_device_in_the_other_hip_changes_nothing_but_where_it_lies()
    {
        var plan = new FilmPlan { Seed = 4, Design = Design.D2, View = View.Pelvis, LongSidePixels = 512 };
        var (without, with) = (Phantom.Render(plan), Phantom.Render(plan with { OtherDesign = Design.D1 }));
        Assert.Equal(without.Hips[0].Mask, with.Hips[0].Mask);
        Assert.Equal((without.Rows, without.Columns, without.Look.Curve), (with.Rows, with.Columns, with.Look.Curve));
        // A masked pixel of the new device differs, one of the old does not (but for the halo of the enhancement, far away here).
        var (brighter, old) = (0, 0);
        for (var at = 0; at < with.Stored.Length; at++)
        {
            if (with.Hips[1].Mask[at] > 0 && with.Stored[at] != without.Stored[at]) brighter++;
            if (with.Hips[0].Mask[at] > 0 && Math.Abs(with.Stored[at] - without.Stored[at]) > 1 << (with.BitsStored - 7)) old++;
        }

        Assert.True(brighter > with.Hips[1].Mask.Count(value => value > 0) * 0.9);
        Assert.Equal(0, old);
    }

    [Fact]
    public void An_archive_of_pelves_has_a_row_a_hip_and_says_both_sides_in_the_header()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(new() { Count = 20, OutFolder = folder.Path, Seed = 5, LongSidePixels = 96, View = ViewChoice.Pelvis, Masks = true }, null, default);
        var rows = Labels.Read(folder);
        Assert.Equal(40, rows.Count);
        foreach (var film in rows.GroupBy(row => row["file"]))
        {
            Assert.Equal(["L", "R"], film.Select(row => row["side"]).Order());
            Assert.All(film, row => Assert.Equal("pelvis", row["view"]));
            Assert.All(film, row => Assert.True(File.Exists(Path.Combine(folder.Path, row["mask"]))));
            Assert.Equal(2, film.Select(row => row["mask"]).Distinct().Count());
        }

        var implants = rows.GroupBy(row => row["file"]).Select(film => film.Count(row => row["label"] != "none")).Distinct().Order();
        Assert.Equal([0, 1, 2], implants);
    }

    [Fact]
    public void A_mixed_archive_has_both_views_and_its_hips_are_those_of_an_archive_of_hips()
    {
        using var folder = new TemporaryFolder();
        var options = new PhantomOptions { Count = 60, OutFolder = folder.Path, Seed = 5, LongSidePixels = 96 };
        var (hips, mixed) = (Roster.Plan(options), Roster.Plan(options with { View = ViewChoice.Mixed }));
        Assert.Equal([View.Hip, View.Pelvis], mixed.Select(film => film.Plan.View).Distinct().Order());
        foreach (var (hip, either) in hips.Zip(mixed))
            Assert.Equal(hip with { Plan = hip.Plan with { View = either.Plan.View } }, either);
    }

    [Fact]
    public void A_pelvis_is_written_as_one()
    {
        var film = Phantom.Render(new FilmPlan { Seed = 1, Design = Design.D2, View = View.Pelvis, LongSidePixels = 64 });
        var text = System.Text.Encoding.Latin1.GetString(DxWriter.Write(film, CodingCase.Header, DxSyntax.ExplicitLittleEndian));
        Assert.Contains("PELVIS", text, StringComparison.Ordinal);
        Assert.Contains("12921003", text, StringComparison.Ordinal);
        Assert.DoesNotContain("24136001", text, StringComparison.Ordinal);
    }
}
