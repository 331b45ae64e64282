using System.Globalization;
using System.Text;

namespace BulkImplantScan.Inference;

/// <summary>The same network in fp16, as a package of its own: what <c>model half</c> writes.</summary>
public static class HalfTwin
{
    private const string Suffix = "-fp16";

    /// <summary>Writes the twin of a package; classes, input, temperature and thresholds are carried over.</summary>
    /// <param name="package">An fp32 package.</param>
    /// <param name="folder">New or empty.</param>
    /// <param name="measured">Asked for lines of the card, once the twin is there: what it answers beside the original. Gets a
    /// package in a temporary folder.</param>
    /// <exception cref="ModelPackageException">It is fp16 already, cannot be rewritten, or the folder cannot be written.</exception>
    public static ModelPackage Write(ModelPackage package, string folder, Func<ModelPackage, string>? measured = null)
    {
        ModelPackage.RequireFree(folder);
        if (package.Precision == NetworkPrecision.Fp16) throw new ModelPackageException($"{package.Folder} is an fp16 twin already.");
        var (onnx, weights) = HalfGraph.Write(package.ReadModel(), package.Tensors);
        var training = $"fp16 twin of {package.Name} (SHA-256 {package.Sha256}). {package.Training}";
        var twin = package with
        {
            Name = package.Name[..Math.Min(package.Name.Length, ModelPackage.MaximumNameCharacters - Suffix.Length)] + Suffix,
            Precision = NetworkPrecision.Fp16,
            Training = training[..Math.Min(training.Length, ModelPackage.MaximumTextCharacters)],
        };

        if (measured is null) return twin.Save(folder, onnx, Card(package, twin, weights, "Nothing was run when it was written."));
        var scratch = Directory.CreateTempSubdirectory("bis-half-").FullName;
        try
        {
            var words = measured(twin.Save(Path.Combine(scratch, "twin"), onnx, ""));
            return twin.Save(folder, onnx, Card(package, twin, weights, words));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static string Card(ModelPackage package, ModelPackage twin, HalvedWeights weights, string measured)
    {
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"# {twin.Name}").AppendLine();
        card.AppendLine(CultureInfo.InvariantCulture, $"The fp16 twin of {package.Name}, whose model.onnx has SHA-256 {package.Sha256}; its card says what it was trained on, how it does, and its limits. **Not a medical device.**").AppendLine();
        card.AppendLine("* It computes in fp16 up to the feature maps, the head in fp32. Inputs and outputs are fp32.");
        card.AppendLine(CultureInfo.InvariantCulture, $"* {weights.Count:N0} weights were rounded to fp16, the largest {weights.Largest:G4} (fp16 ends at 65504); {weights.Vanished:N0} became 0, {weights.Coarse:N0} kept fewer than eleven bits.");
        card.AppendLine("* Temperature and thresholds are those of the original; nothing was chosen anew.");
        card.AppendLine(CultureInfo.InvariantCulture, $"* {measured}");
        card.AppendLine("* An activation above 65504 is an infinity; such a film is abstained on with the reason not_finite.");
        return card.ToString().ReplaceLineEndings("\n");
    }
}
