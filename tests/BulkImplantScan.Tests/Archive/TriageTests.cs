using BulkImplantScan.Archive;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Archive;

public sealed class TriageTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("HIP", false)]
    [InlineData("PELVIS", false)]
    [InlineData("FEMUR", false)]
    [InlineData("LEFT HIP", false)]
    [InlineData("HIP_JOINT", false)]
    [InlineData("FEMORAL NECK", false)] // NECK alone is the throat
    [InlineData("HEAD OF FEMUR", false)]
    [InlineData("KNEE/HIP", false)]
    [InlineData("WHOLE BODY", false)]
    [InlineData("LOWER LEG", false)]
    [InlineData("ABDOMEN", false)] // a KUB shows the hips
    [InlineData("LSPINE", false)]
    [InlineData("EXTREMITY", false)]
    [InlineData("XYZ123", false)]
    [InlineData("CHEST", true)]
    [InlineData("THORAX", true)]
    [InlineData("NECK", true)]
    [InlineData("CSPINE", true)]
    [InlineData("KNEE", true)]
    [InlineData("RIGHT HAND", true)]
    [InlineData("SKULL-PA", true)]
    [InlineData("CHESTER", false)]
    public void Only_a_body_part_that_is_surely_another_one_rejects(string? bodyPart, bool isAnother) =>
        Assert.Equal(isAnother, Triage.IsAnotherBodyPart(bodyPart));

    [Theory]
    [InlineData("CR", null, Reason.None)]
    [InlineData("DX", null, Reason.None)]
    [InlineData("RG", null, Reason.None)]
    [InlineData("XR", null, Reason.None)]
    [InlineData("RF", null, Reason.None)]
    [InlineData("CT", "1.2.840.10008.5.1.4.1.1.1", Reason.NotARadiograph)]
    [InlineData("MG", null, Reason.NotARadiograph)]
    [InlineData("OT", null, Reason.NotARadiograph)]
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.1.1", Reason.None)]
    [InlineData(null, "1.2.840.10008.5.1.4.1.1.2", Reason.NotARadiograph)]
    [InlineData(null, null, Reason.NotARadiograph)]
    public void The_modality_decides_and_the_class_where_it_is_missing(string? modality, string? sopClass, Reason expected)
    {
        var facts = new FilmFacts { Modality = modality, SopClass = sopClass, Photometric = "MONOCHROME1" };
        Assert.Equal(expected, Triage.Judge(facts, null, 1, out var detail));
        Assert.Equal(expected == Reason.None ? null : modality ?? "missing", detail);
    }

    [Fact]
    public void The_first_reason_in_a_fixed_order_is_given()
    {
        var facts = new FilmFacts { Modality = "DX", BodyPart = "CHEST", Photometric = "RGB" };
        Assert.Equal(Reason.ForProcessing, Triage.Judge(facts, "FOR PROCESSING", 3, out _));
        Assert.Equal(Reason.WrongBodyPart, Triage.Judge(facts, "FOR PRESENTATION", 3, out _));
        Assert.Equal(Reason.NotGrayscale, Triage.Judge(facts with { BodyPart = "HIP" }, null, 3, out _));
        Assert.Equal(Reason.NotGrayscale, Triage.Judge(facts with { BodyPart = "HIP", Photometric = "PALETTE COLOR" }, null, 1, out _));
        Assert.Equal(Reason.None, Triage.Judge(facts with { BodyPart = "HIP", Photometric = null }, null, 1, out _));
    }
}
