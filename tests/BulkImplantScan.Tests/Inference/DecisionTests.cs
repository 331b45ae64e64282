using BulkImplantScan.Inference;
using BulkImplantScan.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Inference;

public sealed class DecisionTests
{
    private static readonly ModelPackage Package = new()
    {
        Name = "test",
        Input = PackageFolder.Input(32),
        Classes =
        [
            new("D1", DeviceKind.Device, "Maker", "One", "One"),
            new("none", DeviceKind.None, null, null, "no implant"),
            new("other", DeviceKind.Unknown, null, null, "other hardware"),
        ],
        Temperature = 2,
        Thresholds = new(0.6f, -4f, [0.3f, 0.5f, 0.9f], "test"),
    };

    [Theory]
    [InlineData(9, 0, 0, FilmStatus.Identified, Reason.None)]
    [InlineData(0, 9, 0, FilmStatus.None, Reason.None)]
    [InlineData(0, 0, 9, FilmStatus.Abstained, Reason.UnknownHardware)]
    [InlineData(9, 8.9f, 8, FilmStatus.Abstained, Reason.LowConfidence)]
    [InlineData(3, 0, 0, FilmStatus.Abstained, Reason.OutOfDistribution)]
    [InlineData(float.NaN, 0, 9, FilmStatus.Abstained, Reason.NotFinite)]
    [InlineData(0, float.PositiveInfinity, 9, FilmStatus.Abstained, Reason.NotFinite)]
    public void Status_follows_the_first_rule_that_applies(float device, float none, float other, FilmStatus status, Reason reason)
    {
        var decision = Decision.Of(Package, [device, none, other], explanationIsFinite: true);
        Assert.Equal((status, reason), (decision.Status, decision.Reason));
    }

    [Fact]
    public void An_explanation_that_is_not_finite_abstains_but_keeps_the_probabilities()
    {
        var decision = Decision.Of(Package, [9, 0, 0], explanationIsFinite: false);
        Assert.Equal((FilmStatus.Abstained, Reason.NotFinite, "D1"), (decision.Status, decision.Reason, decision.TopClass?.Id));
    }

    [Fact]
    public void Logits_that_are_not_finite_leave_nothing_to_report()
    {
        var decision = Decision.Of(Package, [float.NegativeInfinity, 0, 0], explanationIsFinite: true);
        Assert.Null(decision.TopClass);
        Assert.Null(decision.Probability);
        Assert.Null(decision.Energy);
        Assert.Empty(decision.Probabilities);
        Assert.Empty(decision.ConformalSet);
    }

    [Fact]
    public void Probabilities_and_energy_are_the_textbook_ones()
    {
        var decision = Decision.Of(Package, [4, 2, 0], explanationIsFinite: true);
        double answers = Math.Exp(2) + Math.Exp(1), sum = answers + 1;
        Assert.Equal([(float)(Math.Exp(2) / sum), (float)(Math.Exp(1) / sum), (float)(1 / sum)], decision.Probabilities);
        Assert.Equal((float)(-2 * Math.Log(answers)), decision.Energy); // of the classes that answer
    }

    [Fact]
    public void The_conformal_set_has_the_classes_whose_shortfall_is_within_their_threshold()
    {
        // p = 0.665, 0.245, 0.090 at T = 2: 1 − p = 0.335 > 0.3, 0.755 > 0.5, 0.910 > 0.9.
        Assert.Empty(Decision.Of(Package, [4, 2, 0], true).ConformalSet);

        // p = 0.844, 0.042, 0.114: 0.156 ≤ 0.3, 0.958 > 0.5, 0.886 ≤ 0.9.
        Assert.Equal(["D1", "other"], Decision.Of(Package, [6, 0, 2], true).ConformalSet);
    }

    [Fact]
    public void Of_equal_logits_the_first_wins_as_in_the_network() =>
        Assert.Equal("D1", Decision.Of(Package, [9, 9, 9], true).TopClass?.Id);

    [Fact]
    public void Without_thresholds_nothing_finite_abstains()
    {
        var open = Package with { Thresholds = new(0, null, null, "") };
        Gen.Float[-1e4f, 1e4f].Array[2].Sample(z =>
        {
            var decision = Decision.Of(open, [z[0], z[1], -2e4f], true);
            Assert.NotEqual(FilmStatus.Abstained, decision.Status);
        });
    }

    [Fact]
    public void Adding_a_constant_moves_the_energy_and_nothing_else()
    {
        Gen.Select(Gen.Float[-50, 50].Array[3], Gen.Float[-500, 500]).Sample((z, shift) =>
        {
            var (a, b) = (Decision.Of(Package, z, true), Decision.Of(Package, Array.ConvertAll(z, x => x + shift), true));

            // Half an ulp of fp32 at 550, over T.
            for (var c = 0; c < 3; c++) Assert.Equal(a.Probabilities[c], b.Probabilities[c], 1e-4f);
            Assert.Equal(a.Energy!.Value - shift, b.Energy!.Value, 1e-3f);
        });
    }

    [Fact]
    public void Logits_of_another_model_are_a_bug() =>
        Assert.Throws<ArgumentException>(() => Decision.Of(Package, [1, 2], true));
}
