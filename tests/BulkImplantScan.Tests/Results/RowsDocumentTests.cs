using System.Text.RegularExpressions;
using BulkImplantScan.Results;
using Parquet;

namespace BulkImplantScan.Tests.Results;

public sealed class RowsDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "rows.md"));

    [Fact]
    public async Task The_document_names_every_column_in_order_and_no_other()
    {
        using var part = new MemoryStream();
        PartFile.WriteTo(part, RandomRows.Fixed(1));
        await using var reader = await ParquetReader.CreateAsync(part, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(reader.Schema.Fields.Select(field => field.Name), FirstCells("Columns"));
    }

    [Fact]
    public void The_document_names_every_reason_in_order_and_no_other() =>
        Assert.Equal(Enum.GetValues<Reason>().Where(reason => reason != Reason.None).Select(reason => reason.InRow()), FirstCells("Reasons"));

    [Fact]
    public void The_document_names_every_status_in_order_and_no_other() =>
        Assert.Equal(Enum.GetValues<FilmStatus>().Select(status => status.InRow()), FirstCells("Statuses"));

    private static IEnumerable<string> FirstCells(string heading)
    {
        var section = Document[Document.IndexOf($"## {heading}\n", StringComparison.Ordinal)..];
        section = section[..(section.IndexOf("\n## ", StringComparison.Ordinal) is > 0 and var end ? end : section.Length)];
        return Regex.Matches(section, @"(?m)^\| (`[^|]*`) \|").SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([^`]+)`")).Select(name => name.Groups[1].Value);
    }
}
