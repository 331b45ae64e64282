namespace BulkImplantScan.Assessment;

/// <summary>From the lines of the truth to the films that the figures are of: each count is a subset of the one above it, or says where films went.</summary>
public sealed record FilmFlow
{
    /// <summary>Lines of the truth file.</summary>
    public required int Lines { get; init; }

    /// <summary>Lines whose file is not in the run's inventory.</summary>
    public required int NotInRun { get; init; }

    /// <summary>Films (frames) of the other lines; a pelvis with a line a hip counts as two.</summary>
    public required int Films { get; init; }

    /// <summary>Of them: not scanned yet.</summary>
    public required int NotScanned { get; init; }

    /// <summary>Of them: left out, since the film shows two hips of which each has a label, and the run judged it as a whole.</summary>
    public required int Together { get; init; }

    /// <summary>Of them: left out, since the run judged the hips one by one, and the label does not say whose it is.</summary>
    public required int WithoutHip { get; init; }

    /// <summary>Of them: left out, as they are copies of a labelled film.</summary>
    public required int Copies { get; init; }

    /// <summary>Of the copies: with another label than the original. Look at them.</summary>
    public required int ContradictingCopies { get; init; }

    /// <summary>Of them: labelled broken, so no film to judge.</summary>
    public required int Broken { get; init; }

    /// <summary>Of the broken: the run rejected or failed them, as it should.</summary>
    public required int BrokenRefused { get; init; }

    /// <summary>Evaluated films that show a class of the model.</summary>
    public required int Known { get; init; }

    /// <summary>Evaluated films of hardware outside the catalogue.</summary>
    public required int Unknown { get; init; }

    /// <summary>Patients of the evaluated films.</summary>
    public required int Patients { get; init; }

    /// <summary>Evaluated films whose patient nobody says; each counts as a patient of its own.</summary>
    public required int WithoutPatient { get; init; }

    /// <summary>Patients of the truth whose films have several Patient IDs.</summary>
    public required int PatientsOfSeveralIds { get; init; }

    /// <summary>Rows of the run without a label.</summary>
    public required long Unlabelled { get; init; }
}
