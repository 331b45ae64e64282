using System.CommandLine;
using System.Globalization;
using BulkImplantScan.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BulkImplantScan.Cli;

/// <summary><c>model half</c>: the fp16 twin of a package.</summary>
internal static class ModelHalfVerb
{
    private const int Inputs = 8;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "an fp32 model package" };
        var target = Flags.NewPackage();
        var command = new Verb(
            "half",
            "Writes the fp16 twin of a model package: the same network, weights and arithmetic in 16-bit floats up to the feature " +
            "maps, the head in fp32. Tries both on a few inputs of noise; the card of the twin says what came out.",
            $"./run.sh model half models/{Install.DemonstrationModelName} --out models/{Install.DemonstrationModelName}-fp16")
        { folder, target };
        command.SetAction((parsed, _) =>
        {
            var original = ModelPackage.Load(parsed.GetRequiredValue(folder));
            var words = "";
            var twin = HalfTwin.Write(original, parsed.GetRequiredValue(target), draft => words = Measure(original, draft));
            Screen.Say($"model half: {twin.Folder}, SHA-256 {twin.Sha256}. {words}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Measure(ModelPackage original, ModelPackage draft)
    {
        var runtime = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()} on the CPU";
        try
        {
            var difference = TwinDifference.Measure(original, draft, Inputs);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"On {difference.Inputs} inputs of noise, {runtime} gave the same top class {difference.SameTop} times, probabilities at most {difference.LargestProbability:G2} apart{(difference.AllFinite ? "" : ", and values that are not finite")}. Noise is no film: docs/model-package.md says how agreement on films is measured.");
        }
        catch (ModelPackageException e)
        {
            return $"{runtime} cannot run it, so nothing was measured: {e.Message}";
        }
    }
}
