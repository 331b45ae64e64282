using System.Text;
using BulkImplantScan.Archive;
using BulkImplantScan.Tests.Results;
using CsCheck;

namespace BulkImplantScan.Tests.Archive;

public sealed class TriageFileTests : IDisposable
{
    private static readonly string Default = Encoding.UTF8.GetString(Triage.Default.Json.Span);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "line 3", "format 1")]
    [InlineData("\"modalities\"", "\"modality\"", "line 4", "\"modality\" is no entry")]
    [InlineData("[\"CR\", \"DX\"", "[\"CR\", 7", "line 4", "is text")]
    [InlineData("[\"CR\", \"DX\"", "[\"CR\", \"D<X\"", "line 4", "not a modality")]
    [InlineData("[\"CR\", \"DX\", \"RG\", \"XR\", \"RF\"]", "\"CR\"", "line 4", "is a list")]
    [InlineData("\"sop_classes_rejected\": []", "\"sop_classes_rejected\": [\"CR Image Storage\"]", "line 8", "not a UID")]
    [InlineData("\"HIP\", \"PELV\"", "\"HIP JOINT\", \"PELV\"", "line 12", "not one word")]
    [InlineData("\"HIP\", \"PELV\"", "\"HIP\" \"PELV\"", "line 12", "no JSON")]
    [InlineData("\"views_rejected\": [", "\"views_rejected\": [\"\", ", "\"\"", "not a view")]
    [InlineData("\"photometrics_rejected\": []", "\"modalities\": []", "there twice", "Join")]
    [InlineData(",\n  \"photometrics_rejected\": []", "", "lacks \"photometrics_rejected\"", "[] means none")]
    [InlineData("  \"format\": 1,\n", "", "lacks \"format\"", "Add")]
    [InlineData("\"photometrics_rejected\": []\n}", "\"photometrics_rejected\": []\n", "line", "no JSON")]
    public void What_is_wrong_is_said_with_the_line_and_what_to_do(string from, string to, string where, string what)
    {
        Assert.Contains(from, Default, StringComparison.Ordinal);
        var message = Refused(Default.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder["triage.json"], message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_is_not_there_or_something_else_is_said_so()
    {
        Assert.Contains("cannot be read", Assert.Throws<TriageException>(() => Triage.Load(_folder["nowhere.json"])).Message, StringComparison.Ordinal);
        Assert.Contains("no JSON", Refused(""), StringComparison.Ordinal);
        Assert.Contains("is an object", Refused("[]"), StringComparison.Ordinal);
        File.WriteAllBytes(_folder["latin"], Encoding.Latin1.GetBytes("{ \"about\": \"Hüfte\" }"));
        Assert.Contains("not UTF-8", Assert.Throws<TriageException>(() => Triage.Load(_folder["latin"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["large"], new byte[(1 << 20) + 1]);
        Assert.Contains("too large", Assert.Throws<TriageException>(() => Triage.Load(_folder["large"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_allowed()
    {
        var text = "// mine\n" + Default.Replace("\"format\": 1,", "\"format\": 1, /* of the layout */", StringComparison.Ordinal).Replace("[]\n}", "[],\n}\n// end", StringComparison.Ordinal);
        File.WriteAllText(_folder["triage.json"], text, new UTF8Encoding(true));
        Assert.NotEqual(Triage.Default.Sha256, Triage.Load(_folder["triage.json"]).Sha256);
    }

    [Fact]
    public void A_mutated_file_is_read_or_refused_and_nothing_else() => Gen.Select(Gen.Int[0, Default.Length - 1], Gen.Char[' ', '~']).Sample((at, letter) =>
    {
        try
        {
            TriageFile.Parse(Encoding.UTF8.GetBytes(Default[..at] + letter + Default[(at + 1)..]), "triage.json");
            return true;
        }
        catch (TriageException e)
        {
            return e.Message.StartsWith("triage.json", StringComparison.Ordinal);
        }
    });

    private string Refused(string json)
    {
        File.WriteAllText(_folder["triage.json"], json);
        return Assert.Throws<TriageException>(() => Triage.Load(_folder["triage.json"])).Message;
    }
}
