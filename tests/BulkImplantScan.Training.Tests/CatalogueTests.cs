using BulkImplantScan.Inference;

namespace BulkImplantScan.Training.Tests;

public sealed class CatalogueTests
{
    [Fact]
    public void Without_refusal_unknown_and_broken_are_no_classes_and_no_implant_comes_last()
    {
        var classes = Catalogue.Classes(["none", "unknown", "D6", "broken", "D2", "D2"], devicesFile: null, refusing: false);
        Assert.Equal([("D2", DeviceKind.Device), ("D6", DeviceKind.Device), ("none", DeviceKind.None)], classes.Select(device => (device.Id, device.Kind)));
        Assert.Equal("Sliding hip screw with side plate", classes[0].Model);
    }

    [Fact]
    public void Classes_that_refuse_come_behind_those_that_answer()
    {
        var classes = Catalogue.Classes(["none", "D6", "D2"], devicesFile: null, refusing: true);
        Assert.Equal(["D2", "D6", "none", "unknown", "other"], classes.Select(device => device.Id));
        Assert.Equal([true, true, true, false, false], classes.Select(device => device.Answers));
    }

    [Fact]
    public void A_device_that_nobody_names_is_an_error() =>
        Assert.Contains("\"X9\"", Assert.Throws<TrainingException>(() => Catalogue.Classes(["none", "X9"], null, true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Devices_of_ones_own_come_from_a_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "id,manufacturer,model\nX9,\"Maker, Inc\",Nine\n");
        var classes = Catalogue.Classes(["none", "X9"], file, false);
        File.Delete(file);
        Assert.Equal(("Maker, Inc", "Nine"), (classes[0].Manufacturer, classes[0].Model));
    }

    [Theory]
    [InlineData("2004", 2004)]
    [InlineData("", null)]
    public void A_device_may_have_its_first_year(string year, int? expected)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, $"id,manufacturer,model,marketed_from\nX9,Maker,Nine,{year}\n");
        Assert.Equal(expected, Catalogue.Classes(["none", "X9"], file, false)[0].MarketedFrom);
        File.Delete(file);
    }

    [Fact]
    public void A_first_year_that_is_no_year_is_an_error()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "id,manufacturer,model,marketed_from\nX9,Maker,Nine,soon\n");
        Assert.Contains("\"X9\"", Assert.Throws<TrainingException>(() => Catalogue.Classes(["none", "X9"], file, false)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void One_class_cannot_be_trained() =>
        Assert.Throws<TrainingException>(() => Catalogue.Classes(["none", "unknown"], null, false));
}
