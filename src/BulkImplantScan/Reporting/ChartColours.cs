namespace BulkImplantScan.Reporting;

/// <summary>The colours of the report, by what they mean. Told apart without red-green vision: they differ in lightness too.</summary>
internal static class ChartColours
{
    /// <summary>Colours of devices, most frequent first; the last is for all others together.</summary>
    public static readonly IReadOnlyList<string> Devices = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "others"];

    /// <summary>Name, on white paper, on a dark screen: sRGB hex.</summary>
    public static readonly IReadOnlyList<(string Name, string Light, string Dark)> All =
    [
        ("identified", "#1f6f8b", "#4fa9c4"), ("none", "#a9bcc6", "#62747e"), ("abstained", "#d9a441", "#dcae55"),
        ("rejected", "#8a8f98", "#9aa0a8"), ("failed", "#a63d57", "#d4708a"),
        ("d0", "#1f5f7a", "#4c9cbb"), ("d1", "#e0a03b", "#e3ad57"), ("d2", "#5c9e8a", "#74b8a3"), ("d3", "#b0506a", "#d07a92"),
        ("d4", "#7d76b5", "#a09ad2"), ("d5", "#8fbfd6", "#b5d8e8"), ("d6", "#7a6a4f", "#a9977a"), ("others", "#b8bcc2", "#5f656d"),
    ];

    /// <summary>The colour for paper.</summary>
    public static string Light(string name) => All.First(colour => colour.Name == name).Light;
}
