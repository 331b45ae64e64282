namespace BulkImplantScan.Reporting;

/// <summary>How every page begins: it loads nothing.</summary>
internal static class HtmlPage
{
    /// <summary>All up to the title in the header, which is left open.</summary>
    /// <param name="title">Any text.</param>
    /// <param name="rules">CSS beyond <see cref="ReportStyle.Css"/>.</param>
    public static string Head(string title, string rules = "") => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{HtmlText.Escape(title)}</title>
        <style>
        {ReportStyle.Css}
        {rules}
        </style></head><body>
        <header><h1>{HtmlText.Escape(title)}</h1>

        """;
}
