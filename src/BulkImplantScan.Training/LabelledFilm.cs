namespace BulkImplantScan.Training;

/// <summary>One line of a label file.</summary>
/// <param name="Path">Below the films' folder, <c>/</c> between names.</param>
/// <param name="Label">As written there.</param>
/// <param name="Patient">Whoever the film is of; films of one patient are never split. The path where none is given.</param>
/// <param name="Mask">PNG as large as the film, below the same folder, 0 where no metal is; null where none is given.</param>
internal sealed record LabelledFilm(string Path, string Label, string Patient, string? Mask = null)
{
    /// <summary>The label file names the patient; else the film stands for one.</summary>
    public bool NamesPatient => Patient != Path;
}
