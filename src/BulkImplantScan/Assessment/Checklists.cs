using System.Globalization;

namespace BulkImplantScan.Assessment;

/// <summary>STARD-AI 2025, CLAIM 2024 and TRIPOD+AI 2024, shortened to one line an item and grouped; the guidelines themselves count and word them otherwise.</summary>
/// <remarks>An item is filled in only with what was counted or read here. Intent, procedures and people are for the authors.</remarks>
internal static class Checklists
{
    public static Checklist[] Of(LabelledRun run, FilmFlow flow, EvaluationOptions options, TrainingOverlap? training, MapFigures? maps, bool hasSubgroups, bool hasCalibration)
    {
        var manifest = run.Run.Manifest;
        var model = manifest.Model!;
        var films = Text($"{flow.Lines} lines of labels, {flow.Films} films found, {flow.Known} of the model's classes and {flow.Unknown} of unknown hardware evaluated, {flow.Patients} patients");
        var missing = Text($"{flow.NotInRun} lines not in the run, {flow.NotScanned} films not scanned, {flow.Copies} copies left out, {flow.Broken} labelled broken; rejected and failed films count as errors");
        var identity = Text($"{model.Name}, SHA-256 {model.Sha256}, {model.Classes.Length} classes; scanned by version {manifest.ProductVersion}{(manifest.Settings is { } s ? $" on {s.DeviceKind} in {s.Precision}" : "")}");
        var intervals = Text($"95 %: Wilson, DeLong or Newcombe by film and by patient, and percentile bootstrap of patients ({options.Replicates} replicates, seed {options.Seed})");
        var units = Text($"film, hip (patient and side) and patient, each in a table of its own; {flow.WithoutPatient} films without a patient count as patients of their own");
        var abstained = "films on which the engine abstained, and rejected and failed ones, are columns of the confusion matrix";
        var groups = hasSubgroups ? "tables by what the headers say (site, year, machine, side, view, sex, age), the worst group marked" : null;
        var calibration = hasCalibration ? "expected calibration error, Brier score, log loss and reliability diagram" : null;
        var explanation = maps is null or { N: 0 } ? null : Text($"Grad-CAM; deletion, insertion and shuffled weights on {maps.N} films, each of another patient");
        var errors = "most confused pairs, and wrong films by pseudonym in evaluation.json";
        var truth = Text($"labels file, SHA-256 {run.Truth.Sha256}");
        var partitions = training is null ? null
            : Text($"{training.Patients} patients of the labels ({training.Lines} lines) are in the labels of the training, SHA-256 {training.TrainingSha256}; {training.WithoutPatient} lines of both do not say their patient");
        return
        [
            new("STARD-AI", [
                new("Says in the title or abstract that accuracy of an AI test is studied", null), new("Intended use and clinical role", null),
                new("Study plan: data collected before or after the tests", null), new("Who was eligible, where and when", null),
                new("Where the data come from, how they were chosen and by whom", null), new("How data were split, and that no patient is on two sides", partitions),
                new("Index test: identity and version", identity), new("Index test: thresholds and how they were chosen", null),
                new("Reference standard: what, by whom, why", null), new("Reference standard as used: identity of the file", truth),
                new("Readers of either did not know the other", null), new("Measures of accuracy and their intervals", intervals),
                new("What becomes of indeterminate results", abstained), new("What becomes of missing results", missing), new("Sample size: why", null),
                new("Flow of films", films), new("Patients: characteristics", null), new("Time between index test and reference", null),
                new("Cross table of answers and truth", "confusion matrices, by largest probability and as answered"),
                new("Accuracy by group", groups), new("Fairness: which groups matter, and why", null), new("Errors: which films, which pairs of classes", errors), new("Errors: why", null), new("Harms", null), new("Limitations and generalisability", null),
                new("Registration, protocol, funding, ethics", null), new("Availability of code, model and data", null)]),
            new("CLAIM", [
                new("Objective and hypothesis", null), new("Prospective or retrospective", null), new("Data sources", null), new("Inclusion and exclusion", null),
                new("Preprocessing", null), new("De-identification", null),
                new("Missing data", missing), new("Reference standard: definition and rationale", null), new("Annotators, their training, their agreement", null),
                new("Partitions and their disjointness", partitions), new("Unit of analysis", units), new("Model: architecture, initialisation, ensemble", null),
                new("Model: identity", identity), new("Training: data, augmentation, choice of the final model", null),
                new("Metrics and their uncertainty", intervals), new("Robustness: accuracy by group", groups), new("Explanation of answers and its validation", explanation),
                new("Test on data of another centre", null), new("Flow of films", films), new("Calibration", calibration),
                new("Failures: which films, which pairs of classes", errors), new("Failures: why", null), new("Limitations, implications", null), new("Registration, protocol, funding", null), new("Code and model availability", null)]),
            new("TRIPOD+AI", [
                new("Title says development or evaluation, population, outcome", null), new("Context, target population, health inequalities", null),
                new("Data: source, dates, setting, eligibility, treatment", null), new("Data preparation", null), new("Outcome: how and when assessed", null),
                new("Predictors", null), new("Sample size", null), new("Missing data", missing), new("Analysis: how data were used", null), new("Class imbalance", null),
                new("Performance by group", groups), new("Fairness: which groups matter, and why", null), new("Model output and thresholds", "probabilities of all classes, abstentions by the model's own thresholds"),
                new("Differences between training and evaluation data", null), new("Ethics, funding, protocol, registration, data and code sharing, patient involvement", null),
                new("Participants: flow", films), new("Participants: characteristics", null), new("Model: how it can be used by others", null), new("Model: identity", identity),
                new("Performance with intervals", intervals), new("Performance: calibration", calibration), new("Heterogeneity between clusters", null),
                new("Interpretation, limitations, usability", null)]),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
