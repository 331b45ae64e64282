using System.Text.Json.Serialization;

namespace BulkImplantScan.Results;

/// <summary>One class of a run's model.</summary>
/// <param name="Id">As in <see cref="FilmRow.TopClass"/>.</param>
/// <param name="Kind">As the model package says: a device, no implant, or hardware outside the catalogue.</param>
/// <param name="Manufacturer">Maker of the device; null when it is none.</param>
/// <param name="Model">Model of the device; null when it is none.</param>
/// <param name="MarketedFrom">First year in which it could be implanted; null: the package does not say.</param>
public sealed record RunClass(
    string Id, string Kind, string? Manufacturer, string? Model, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MarketedFrom = null)
{
    /// <summary>An answer: a device, or no implant. The others refuse.</summary>
    [JsonIgnore]
    public bool Answers => Kind is "device" or "none";
}
