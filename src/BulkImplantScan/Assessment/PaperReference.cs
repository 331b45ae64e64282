using System.Text.Json;

namespace BulkImplantScan.Assessment;

/// <summary>What the study's abstract reports, and nothing else: devices are not named, and precision, sensitivity, specificity, F1 and intervals are not given.</summary>
/// <param name="Source">Where it was read.</param>
/// <param name="Design">Of the study.</param>
/// <param name="Period">Of the films.</param>
/// <param name="Films">All.</param>
/// <param name="Patients">All.</param>
/// <param name="Classes">Devices.</param>
/// <param name="Training">Films.</param>
/// <param name="Validation">Films.</param>
/// <param name="Test">Films.</param>
/// <param name="Development">Training and validation.</param>
/// <param name="Split">How.</param>
/// <param name="ValidationRole">What for.</param>
/// <param name="Top1Percent">Overall, of the test films.</param>
/// <param name="Auc">Per device, in the paper's order.</param>
public sealed record PaperReference(
    string Source, string Design, string Period, int Films, int Patients, int Classes, int Training, int Validation, int Test, int Development,
    string Split, string ValidationRole, double Top1Percent, IReadOnlyList<double> Auc)
{
    /// <summary>What stands where the abstract has no value.</summary>
    public const string NotReported = "not reported in the abstract";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads the file that is built in.</summary>
    public static PaperReference Read()
    {
        using var file = typeof(PaperReference).Assembly.GetManifestResourceStream("BulkImplantScan.Assessment.paper-reference.json")!;
        return JsonSerializer.Deserialize<PaperReference>(file, Json)!;
    }
}
