using System.CommandLine;
using BulkImplantScan.Dicom.Codecs;
using BulkImplantScan.Inference;
using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Cli;

/// <summary><c>inspect</c>: one file under the glass.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "files to look at", Arity = ArgumentArity.OneOrMore };
        var json = Flags.Json();
        var png = new Option<string?>("--png") { Description = "draw the film as the network sees it (one file)", HelpName = "OUT" };
        var fieldPng = new Option<string?>("--field-png") { Description = "draw the whole film with its field of view framed (one file)", HelpName = "OUT" };
        var (model, triage, nativeCodecs, reader) = (Flags.Model(), Flags.Triage(), Flags.NativeCodecs(), DicomReaderChoice.Flag());
        var command = new Verb(
            "inspect",
            "Says of each file what it is, how its pixels decode and their hash: a line a file. Prints no name of a " +
            "patient.",
            "./run.sh inspect /archive/hips/IM0001 --json --png film.png")
        { files, json, png, fieldPng, model, triage, reader, nativeCodecs };
        command.SetAction((parsed, stop) =>
        {
            var paths = parsed.GetRequiredValue(files);
            var target = parsed.GetValue(png);
            var fieldTarget = parsed.GetValue(fieldPng);
            var draws = target is not null || fieldTarget is not null;
            if (draws && paths.Length != 1) throw new CliException(ExitCode.Usage, "--png and --field-png draw one film: name one file.");
            var geometry = !draws ? new(1, 224, 224, [0], [1]) : ModelPackage.Load(parsed.GetValue(model) ?? Install.DemonstrationModel).Input;
            var (judging, second) = (TriageVerb.Load(parsed.GetValue(triage)), DicomReaderChoice.Open(parsed.GetValue(reader)));
            using var codecs = new NativeCodecs(new() { Mode = parsed.GetValue(nativeCodecs) });
            foreach (var path in paths)
            {
                stop.ThrowIfCancellationRequested();
                if (!Path.Exists(path)) throw new CliException(ExitCode.Usage, $"There is no file {path}.");
                if (Directory.Exists(path)) throw new CliException(ExitCode.Usage, $"{path} is a folder. Name files; for a folder use: index {path} --run RUN");
                var drawn = false;
                var film = FilmInspection.Of(path, geometry, !draws ? null : (seen, framed) =>
                {
                    if (target is not null) File.WriteAllBytes(target, seen);
                    if (fieldTarget is not null) File.WriteAllBytes(fieldTarget, framed);
                    drawn = true;
                }, judging, codecs, second);
                if (parsed.GetValue(json)) Screen.Json(film);
                else Console.Out.WriteLine(Text(film));
                if (draws && !drawn) Screen.Say($"{path} cannot be drawn: {film.Reason}");
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string Text(FilmInspection film)
    {
        var what = film.Reason is null ? film.Status : $"{film.Status}: {film.Reason}{(film.Detail is null ? "" : $" ({film.Detail})")}{(film.FileOffset is { } at ? $" at byte {at}" : "")}";
        var header = film.Rows is null ? "" : FormattableString.Invariant(
            $"  {film.Modality ?? "–"} {film.Rows}×{film.Cols}×{film.Frames} {film.BitsStored} bits {film.Photometric} {film.TransferSyntax}").TrimEnd();
        var pixels = film.Sha256 is null ? "" : FormattableString.Invariant($"  {film.Decoder}{(film.Voi is null ? "" : "/" + film.Voi)} {film.Min}..{film.Max} sha256 {film.Sha256}");
        var field = film.Field is { } f ? FormattableString.Invariant($"  field {f.Columns}×{f.Rows}+{f.Left}+{f.Top} ({string.Join(' ', film.Notes!)})") : "";
        return $"{film.File}: {what}{header}{pixels}{field}";
    }
}
