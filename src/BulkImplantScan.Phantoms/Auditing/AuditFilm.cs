namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>A film that an audit asks a model about.</summary>
/// <param name="Plan">Decides every pixel.</param>
/// <param name="IsCovered">All that lies well beside the device is covered in what the network is given.</param>
/// <param name="Hip">Of a pelvis that is judged by hips: 0 for the hip that the film is about, 1 for the other; null: the film as a whole.</param>
public readonly record struct AuditFilm(FilmPlan Plan, bool IsCovered = false, int? Hip = null)
{
    /// <summary>What the hip shows that is asked about.</summary>
    public Design Design => Hip == 1 ? Plan.OtherDesign : Plan.Design;
}
