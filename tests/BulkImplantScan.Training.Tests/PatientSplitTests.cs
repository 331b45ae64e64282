using CsCheck;

namespace BulkImplantScan.Training.Tests;

public sealed class PatientSplitTests
{
    private static readonly string[] Labels = ["D1", "D2", "none", "unknown"];

    [Fact]
    public void No_patient_is_on_both_sides_and_unknown_hardware_is_never_trained()
    {
        var films = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30]).Select((label, patient) => new LabelledFilm("f", Labels[label], $"P{patient}")).Array[1, 120];
        Gen.Select(films, Gen.Int[0, 100]).Sample((all, seed) =>
        {
            var split = PatientSplit.Draw(all, label => label != "unknown", 0.3, seed);
            var trained = split.Training.Select(i => all[i].Patient).ToHashSet();
            Assert.DoesNotContain(split.Validation, i => trained.Contains(all[i].Patient));
            Assert.DoesNotContain(split.Training, i => all[i].Label == "unknown");
            Assert.Empty(split.Training.Intersect(split.Validation));
        });
    }

    [Fact]
    public void Each_label_gives_its_share_of_patients_and_the_seed_decides_which()
    {
        var films = Enumerable.Range(0, 400).Select(i => new LabelledFilm($"f{i}", Labels[i % 2], $"P{i}")).ToArray();
        var split = PatientSplit.Draw(films, _ => true, 0.25, seed: 1);
        Assert.Equal(50, split.Validation.Count(i => films[i].Label == "D1"));
        Assert.Equal(50, split.Validation.Count(i => films[i].Label == "D2"));
        Assert.Equal(split.Validation, PatientSplit.Draw(films, _ => true, 0.25, seed: 1).Validation);
        Assert.NotEqual(split.Validation, PatientSplit.Draw(films, _ => true, 0.25, seed: 2).Validation);
    }
}
