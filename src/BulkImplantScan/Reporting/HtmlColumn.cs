namespace BulkImplantScan.Reporting;

/// <summary>A column of a table in the page.</summary>
/// <param name="Header">Its heading, HTML.</param>
/// <param name="IsNumber">True: right-aligned.</param>
/// <param name="Cell">Its cell of a line, HTML.</param>
internal sealed record HtmlColumn(string Header, bool IsNumber, Func<IReadOnlyDictionary<string, object?>, string> Cell);
