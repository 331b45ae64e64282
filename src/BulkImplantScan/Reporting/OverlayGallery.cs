using System.Text;
using BulkImplantScan.Registry;
using BulkImplantScan.Results;
using static BulkImplantScan.Reporting.HtmlText;

namespace BulkImplantScan.Reporting;

/// <summary>Sample overlays, spread over outcomes and devices, as data inside the page.</summary>
internal static class OverlayGallery
{
    /// <summary>Largest overlay that is put into a page.</summary>
    private const int MaximumPngBytes = 1 << 20;

    /// <summary>Names that are considered. Film keys are pseudorandom, so the smallest names are a random sample, and the same one every time.</summary>
    private const int MaximumNames = 20_000;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Appends the gallery.</summary>
    /// <returns>False when there is no overlay to show.</returns>
    public static bool Append(StringBuilder html, RunDatabase database, int maximum)
    {
        var keys = Keys(database.Run);
        if (keys.Count == 0) return false;
        database.Execute("CREATE OR REPLACE TEMP TABLE overlays (name VARCHAR)");
        foreach (var some in keys.Chunk(1000))
            database.Execute("INSERT INTO overlays VALUES " + string.Join(", ", some.Select(key => $"({RunDatabase.Quote(key)})")));

        // One of each device and outcome, then a second of each, …; within one in the order of the pseudorandom key.
        using var samples = database.Ask($"""
            SELECT name, status, reason, device, top_class, probability, conformal_set, cam_empty, region
            FROM (SELECT *, row_number() OVER (PARTITION BY status, device ORDER BY name) AS turn,
                    list_position(['identified', 'abstained', 'none'], status) AS place
                FROM (SELECT *, CASE WHEN region = 'whole' THEN film_key ELSE film_key || '-' || region END AS name FROM judged) SEMI JOIN overlays USING (name))
            ORDER BY turn, place, device LIMIT {4 * maximum}
            """);

        var shown = new List<(int Place, string Device, string Html)>();
        foreach (var row in samples.Rows())
        {
            if (shown.Count == maximum) break;
            if (Png(database.Run.OverlayPath((string)row[0]!)) is not { } png) continue;
            var status = (string)row[1]!;
            shown.Add((Array.IndexOf(Order, status), row[3] as string ?? "", Figure(row, status, png)));
        }

        if (shown.Count == 0) return false;
        html.Append("<div class=\"gallery\">\n");
        foreach (var (_, _, figure) in shown.OrderBy(s => s.Place).ThenBy(s => s.Device, StringComparer.Ordinal))
            html.Append(figure);
        html.Append("</div>\n");
        return true;
    }

    private static readonly string[] Order = ["identified", "abstained", "none"];

    private static string Figure(object?[] row, string status, byte[] png)
    {
        var answer = status switch { "identified" => Escape(row[3]), "none" => "no implant", _ => Words(status) };
        var note = status == "abstained" ? $"{Words(row[2])}; nearest: {Escape(row[4])}" : Words(status);
        if (row[8] is "left" or "right") note += $"; {Escape(row[8])} hip of a pelvis";
        if (row[7] is true) note += "; empty map: no evidence anywhere";
        var set = row[6] is System.Collections.IEnumerable classes ? classes.Cast<object>().Count() : 0;
        if (set > 1) note += $"; {set} classes possible";
        return $"""
            <figure class="overlay"><img alt="" src="data:image/png;base64,{Convert.ToBase64String(png)}">
            <figcaption><b>{answer}</b> <span class="p">{Probability(row[5])}</span><br><i class="{Escape(status)}"></i>{note}<br><code>{Pseudonym(row[0])}</code></figcaption></figure>

            """;
    }

    private static byte[]? Png(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: > 8 and <= MaximumPngBytes }) return null;
            var bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith(PngSignature) ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a sample that cannot be read is no sample
        }
    }

    /// <summary>Film keys that have an overlay, the smallest first, without a list of all.</summary>
    private static List<string> Keys(RunFolder run)
    {
        if (!Directory.Exists(run.OverlaysPath)) return [];
        var smallest = new PriorityQueue<string, string>(Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a)));
        foreach (var file in Directory.EnumerateFiles(run.OverlaysPath, "*.png"))
        {
            var key = Path.GetFileNameWithoutExtension(file);
            if (smallest.Count < MaximumNames) smallest.Enqueue(key, key);
            else smallest.EnqueueDequeue(key, key);
        }

        return [.. smallest.UnorderedItems.Select(item => item.Element).Order(StringComparer.Ordinal)];
    }
}
