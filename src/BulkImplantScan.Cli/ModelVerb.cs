using System.CommandLine;
using BulkImplantScan.Inference;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary><c>model show</c>: what a model package knows and how it decides.</summary>
internal static class ModelVerb
{
    public static Command Create() =>
        new Verb("model", "Works with model packages.", $"./run.sh model show models/{Install.DemonstrationModelName}") { Show(), ModelNewVerb.Create(), ModelHalfVerb.Create() };

    private static Verb Show()
    {
        var folder = new Argument<string?>("DIR") { Description = "model package (default: the demonstration model)", Arity = ArgumentArity.ZeroOrOne };
        var json = Flags.Json();
        var command = new Verb(
            "show",
            "Checks a model package (hash, shapes) and shows its classes, input and thresholds.",
            $"./run.sh model show models/{Install.DemonstrationModelName}") { folder, json };
        command.SetAction((parsed, _) =>
        {
            var model = ModelPackage.Load(parsed.GetValue(folder) ?? Install.DemonstrationModel);
            using var session = new NetworkSession(model, 1, 1); // shapes are checked here
            if (parsed.GetValue(json))
            {
                Screen.Json(new
                {
                    model.Name,
                    model.Sha256,
                    Precision = model.Precision.Word(),
                    Classes = model.Classes.Select(c => new { c.Id, Kind = c.Kind.ToString().ToLowerInvariant(), c.Manufacturer, c.Model, c.Label }),
                    model.Input,
                    model.Temperature,
                    model.Thresholds,
                    FeatureMaps = session.FeatureMapShape,
                    model.Training,
                });
                return Task.FromResult(ExitCode.Done);
            }

            Screen.Say($"{model.Name}  {model.Precision.Word()}  SHA-256 {model.Sha256}");
            Screen.Say($"input {model.Input.Channels} × {model.Input.Height} × {model.Input.Width}, feature maps {session.FeatureMapShape.Channels} × {session.FeatureMapShape.Height} × {session.FeatureMapShape.Width}");
            Screen.Say($"temperature {model.Temperature:G4}; abstains below p = {model.Thresholds.MinimumProbability:G4}{(model.Thresholds.MaximumEnergy is { } energy ? $" or above energy {energy:G4}" : "")}");
            var table = new Table().Border(TableBorder.Simple).AddColumns("class", "kind", "manufacturer", "model");
            foreach (var device in model.Classes)
                table.AddRow(device.Id.EscapeMarkup(), device.Kind.ToString().ToLowerInvariant(), (device.Manufacturer ?? "").EscapeMarkup(), (device.Model ?? device.Label).EscapeMarkup());
            Screen.Human.Write(table);
            if (model.Training.Length > 0) Screen.Say(model.Training);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
