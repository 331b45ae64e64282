namespace BulkImplantScan.Assessment;

/// <summary>Who of the labels was trained on, too: figures of such films are too good.</summary>
/// <param name="TrainingSha256">SHA-256 of the labels that the model was trained with.</param>
/// <param name="Patients">Patients of the labels that the training has, too, by the column <c>patient</c> of both.</param>
/// <param name="Lines">Lines of the labels that are of them.</param>
/// <param name="WithoutPatient">Lines of either that do not say their patient: of these nothing is known.</param>
public sealed record TrainingOverlap(string TrainingSha256, int Patients, int Lines, int WithoutPatient)
{
    /// <summary>Compares.</summary>
    /// <param name="truth">Labels that a run is judged by.</param>
    /// <param name="training">Labels that <c>train</c> was given.</param>
    public static TrainingOverlap Of(TruthFile truth, TruthFile training)
    {
        var trained = training.Lines.Select(line => line.Patient).Where(patient => patient.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var same = truth.Lines.Where(line => trained.Contains(line.Patient)).ToArray();
        return new(
            training.Sha256, same.Select(line => line.Patient).Distinct(StringComparer.OrdinalIgnoreCase).Count(), same.Length,
            truth.Lines.Concat(training.Lines).Count(line => line.Patient.Length == 0));
    }
}
