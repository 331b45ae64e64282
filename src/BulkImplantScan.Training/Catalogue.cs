using System.Globalization;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Training;

/// <summary>Which labels become classes, and what they stand for.</summary>
internal static class Catalogue
{
    /// <summary>A hip without an implant.</summary>
    public const string NoImplant = "none";

    /// <summary>Hardware outside the catalogue: a class that refuses.</summary>
    public const string Unknown = "unknown";

    /// <summary>A film that shows no hip: a class that refuses, of films that are labelled so and of drawn ones.</summary>
    public const string Other = "other";

    /// <summary>Films made unreadable on purpose.</summary>
    public const string Broken = "broken";

    // CLINICAL: six designs without trade names, in the words of the phantoms' documentation.
    private static readonly Dictionary<string, string> GenericDesigns = new(StringComparer.Ordinal)
    {
        ["D1"] = "Parallel cannulated screws",
        ["D2"] = "Sliding hip screw with side plate",
        ["D3"] = "Nail with helical blade",
        ["D4"] = "Nail with single lag screw",
        ["D5"] = "Nail with integrated twin screws",
        ["D6"] = "Neck bolt with diverging screw and small plate",
    };

    /// <summary>Classes of the labels that films have: devices in the order of their ids, then no implant.</summary>
    /// <param name="labels">Every label of the training films.</param>
    /// <param name="devicesFile">CSV with the columns id, manufacturer, model; null for the generic designs.</param>
    /// <exception cref="TrainingException">Fewer than two classes, or a device that nobody names.</exception>
    /// <param name="refusing">With the classes for unknown hardware and for films without a hip.</param>
    public static IReadOnlyList<DeviceClass> Classes(IEnumerable<string> labels, string? devicesFile, bool refusing)
    {
        var named = devicesFile is null
            ? GenericDesigns.ToDictionary(design => design.Key, design => (Manufacturer: "Generic (synthetic)", Model: design.Value, MarketedFrom: (int?)null))
            : LabelFile.Rows(devicesFile, ["id", "manufacturer", "model"], ["marketed_from"]).ToDictionary(row => row[0], row => (Manufacturer: row[1], Model: row[2], MarketedFrom: Year(row[0], row[3])));
        var present = labels.ToHashSet(StringComparer.Ordinal);
        var classes = new List<DeviceClass>();
        foreach (var label in present.Except([NoImplant, Unknown, Other, Broken]).Order(StringComparer.Ordinal))
        {
            if (!named.TryGetValue(label, out var device))
                throw new TrainingException($"nobody names the device \"{label}\": give a CSV with the columns id, manufacturer, model as --devices.");
            classes.Add(new(label, DeviceKind.Device, device.Manufacturer, device.Model, device.Model, device.MarketedFrom));
        }

        if (present.Contains(NoImplant)) classes.Add(new(NoImplant, DeviceKind.None, null, null, "No implant"));
        if (refusing && present.Contains(NoImplant)) classes.Add(new(Unknown, DeviceKind.Unknown, null, null, "Hardware outside the catalogue"));
        if (refusing) classes.Add(new(Other, DeviceKind.Other, null, null, "No hip"));
        return classes.Count >= 2 ? classes : throw new TrainingException("the films have fewer than two labels that can be trained.");
    }

    // The package would refuse it, too, but after hours of training.
    private static int? Year(string device, string text) =>
        text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && DeviceClass.IsFirstYear(year) ? year
        : throw new TrainingException($"\"marketed_from\" of the device \"{device}\" must be a year of 1900 to 2100, or empty.");
}
