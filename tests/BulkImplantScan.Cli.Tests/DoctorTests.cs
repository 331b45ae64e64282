using System.Text.Json;
using BulkImplantScan.Dicom.Codecs;

namespace BulkImplantScan.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_lists_every_decoder_with_its_syntaxes_and_what_is_missing()
    {
        var doctor = await Shell.RunAsync("doctor", "--json");
        Assert.True(doctor.Code is 0 or 4, doctor.Error);
        var findings = doctor.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(finding => finding.GetProperty("name").GetString()!);
        foreach (var decoder in Decoders.All)
        {
            var finding = findings[$"decoder {decoder.Name}"];
            Assert.Equal(decoder.IsOn ? "ok" : "off", finding.GetProperty("status").GetString());
            Assert.Equal(decoder.Syntaxes, finding.GetProperty("detail").GetString());
            Assert.Equal(decoder.Fix, finding.TryGetProperty("fix", out var fix) ? fix.GetString() : null);
        }
    }
}
