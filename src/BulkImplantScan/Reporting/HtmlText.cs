using System.Globalization;
using System.Net;

namespace BulkImplantScan.Reporting;

/// <summary>Values as text in HTML. Everything that comes from a file goes through here.</summary>
internal static class HtmlText
{
    private const int PseudonymShown = 8;

    /// <summary>What stands where there is no value.</summary>
    public const string Missing = "<span class=\"missing\">–</span>";

    /// <summary>Text, with markup characters escaped and control characters replaced; a dash for null.</summary>
    public static string Escape(object? text)
    {
        if (text is not string { Length: > 0 } plain) return Missing;
        return WebUtility.HtmlEncode(string.Create(plain.Length, plain, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) || IsDirection(source[i]) ? '\uFFFD' : source[i];
        }));
    }

    /// <summary>1234 → 1,234.</summary>
    public static string Count(object? count) =>
        count is null ? Missing : Convert.ToInt64(count, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>0.985 → 98.5 %. Never rounded to 0 or 100: those are said only of none and all.</summary>
    public static string Percent(object? share)
    {
        if (share is null) return Missing;
        var percent = 100 * Convert.ToDouble(share, CultureInfo.InvariantCulture);
        var text = percent is > 0 and < 0.05 ? "&lt; 0.1" : percent is > 99.95 and < 100 ? "&gt; 99.9" : Number(percent, "0.0");
        return text + "&#8239;%";
    }

    /// <summary>An interval of shares: 96.6 – 99.4 %.</summary>
    public static string Interval(object? low, object? high) => low is null || high is null ? Missing
        : $"{Number(100 * Convert.ToDouble(low, CultureInfo.InvariantCulture), "0.0")} – {Number(100 * Convert.ToDouble(high, CultureInfo.InvariantCulture), "0.0")}&#8239;%";

    /// <summary>A probability with three decimals, never rounded up to 1.</summary>
    public static string Probability(object? probability)
    {
        if (probability is null) return Missing;
        var p = Convert.ToDouble(probability, CultureInfo.InvariantCulture);
        return !double.IsFinite(p) ? Missing : p is > 0.9995 and < 1 ? "&gt; 0.999" : Number(p, "0.000");
    }

    /// <summary>A date as ISO 8601.</summary>
    public static string Date(object? date) => date is DateOnly day ? day.ToString("O", CultureInfo.InvariantCulture) : Missing;

    /// <summary>The first characters of a pseudonym: enough to find it in the files, of no use without them.</summary>
    public static string Pseudonym(object? key) => key is string { Length: > PseudonymShown } text ? Escape(text[..PseudonymShown]) : Escape(key);

    /// <summary>A name of a closed list as words: <c>low_confidence</c> → low confidence.</summary>
    public static string Words(object? name) => Escape((name as string)?.Replace('_', ' '));

    /// <summary>A number for a coordinate or a figure, the same everywhere.</summary>
    public static string Number(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Characters that turn the direction of what follows: a name could make its line read otherwise.</summary>
    private static bool IsDirection(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
