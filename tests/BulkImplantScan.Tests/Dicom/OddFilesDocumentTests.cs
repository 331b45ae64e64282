using System.Reflection;
using System.Text.RegularExpressions;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Dicom;

/// <summary>docs/dicom.md names the test that holds each of its sentences on limits and odd files, and each note of a row.</summary>
public sealed class OddFilesDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "dicom.md"));

    [Theory]
    [InlineData("Limits")]
    [InlineData("Odd files")]
    public void Every_row_names_tests_that_are_there(string heading)
    {
        var rows = Rows(heading);
        Assert.True(rows.Length >= 8, $"{rows.Length} rows");
        foreach (var row in rows)
        {
            var names = Regex.Matches(row[^1], "`([A-Za-z0-9]+)\\.([A-Za-z0-9_]+)`");
            Assert.True(names.Count > 0, $"no test: {row[0]}");
            foreach (Match name in names)
            {
                var type = typeof(OddFilesDocumentTests).Assembly.GetType($"BulkImplantScan.Tests.Dicom.{name.Groups[1].Value}");
                var method = type?.GetMethod(name.Groups[2].Value);
                Assert.True(method?.GetCustomAttributes().Any(attribute => attribute is FactAttribute) == true, $"there is no {name.Value}");
            }
        }
    }

    [Fact]
    public void Every_note_is_explained_and_no_other() => Assert.Equal(
        typeof(DecodeNote).GetFields().Select(field => (string)field.GetValue(null)!).Append(DecodeNote.Reduced(1).Replace('1', 'N'))
            .Order(StringComparer.Ordinal),
        Rows("Notes").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));

    private static string[][] Rows(string heading)
    {
        var section = Document[Document.IndexOf($"## {heading}\n", StringComparison.Ordinal)..];
        section = section[..(section.IndexOf("\n## ", StringComparison.Ordinal) is > 0 and var end ? end : section.Length)];
        return
        [
            .. section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
                .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
    }
}
