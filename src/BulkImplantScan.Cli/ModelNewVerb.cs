using System.CommandLine;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Cli;

/// <summary><c>model new</c>: an untrained network of a well-known shape, as a load for measurements.</summary>
internal static class ModelNewVerb
{
    // Of a film in brightness units, about; nothing was trained that would ask for others.
    private const float Mean = 0.45f;
    private const float StandardDeviation = 0.25f;

    public static Command Create()
    {
        var architecture = new Option<NetworkShape>("--arch")
        {
            Description = "resnet18, resnet50 (He 2016) or small (what train trains)",
            DefaultValueFactory = _ => NetworkShape.ResNet50,
        };
        var classes = Flags.Checked(
            new Option<int>("--classes") { Description = "logits: K − 1 devices and no implant", HelpName = "K", DefaultValueFactory = _ => 7 },
            value => value is >= 2 and <= ModelPackage.MaximumClasses ? null : $"--classes must be 2 to {ModelPackage.MaximumClasses}");
        var input = Flags.Checked(
            new Option<int>("--input") { Description = "pixels of the input's side", HelpName = "N", DefaultValueFactory = _ => 224 },
            value => value is >= 32 and <= 2048 ? null : "--input must be 32 to 2048");
        var channels = Flags.Checked(
            new Option<int?>("--channels") { Description = "1 or 3: the grey film is repeated (default: 3 as published, small: 1)", HelpName = "C" },
            value => value is null or 1 or 3 ? null : "--channels must be 1 or 3");
        var seed = new Option<int>("--seed") { Description = "the same seed gives the same bytes", HelpName = "S", DefaultValueFactory = _ => 1 };
        var folder = Flags.NewPackage();
        var command = new Verb(
            "new",
            "Writes an untrained network as a model package: a standard load for measurements, without a download. What it " +
            "answers means nothing.",
            "./run.sh model new --arch resnet50 --classes 7 --seed 1 --out models/resnet50")
        { architecture, classes, input, channels, seed, folder };
        command.SetAction((parsed, _) =>
        {
            var shape = parsed.GetValue(architecture);
            var (side, depth) = (parsed.GetValue(input), parsed.GetValue(channels) ?? (shape == NetworkShape.Small ? 1 : 3));
            var target = parsed.GetRequiredValue(folder);
            ModelPackage.RequireFree(target);
            var network = shape switch
            {
                NetworkShape.ResNet18 => ResidualArchitecture.ResNet18,
                NetworkShape.ResNet50 => ResidualArchitecture.ResNet50,
                _ => ResidualArchitecture.Small,
            };
            var package = UntrainedNetwork.Write(
                target,
                network,
                UntrainedNetwork.Catalogue(parsed.GetValue(classes) - 1),
                new(depth, side, side, [.. Enumerable.Repeat(Mean, depth)], [.. Enumerable.Repeat(StandardDeviation, depth)]) { FieldOfView = InputField.Crop },
                parsed.GetValue(seed));
            Screen.Say($"model new: {package.Folder}, {new FileInfo(Path.Combine(package.Folder, "model.onnx")).Length / 1e6:F0} MB, SHA-256 {package.Sha256}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>What --arch takes.</summary>
    private enum NetworkShape
    {
        ResNet18,
        ResNet50,
        Small,
    }
}
