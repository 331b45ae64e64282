using System.Text.Json.Serialization;

namespace BulkImplantScan.Inference;

/// <summary>One class of a model: column c of the logits.</summary>
/// <param name="Id">Short and stable, unique in the model, 1 to 64 of <c>A-Z a-z 0-9 _ - .</c>: what rows and labels carry.</param>
/// <param name="Kind">Device, no implant, or unknown hardware.</param>
/// <param name="Manufacturer">Null unless <paramref name="Kind"/> is <see cref="DeviceKind.Device"/>.</param>
/// <param name="Model">Null unless <paramref name="Kind"/> is <see cref="DeviceKind.Device"/>.</param>
/// <param name="Label">What people read, at most 128 characters.</param>
/// <param name="MarketedFrom">First year in which a device could be implanted, 1900 to 2100; null: not known, or no device.</param>
public sealed record DeviceClass(
    string Id, DeviceKind Kind, string? Manufacturer, string? Model, string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MarketedFrom = null)
{
    /// <summary>Whether a number is a year that <see cref="MarketedFrom"/> can be.</summary>
    public static bool IsFirstYear(int year) => year is >= 1900 and <= 2100;

    /// <summary>An answer: a device, or no implant. The others refuse.</summary>
    [JsonIgnore]
    public bool Answers => Kind is DeviceKind.Device or DeviceKind.None;
}
