namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>A film that an audit asks a model about.</summary>
/// <param name="Plan">Decides every pixel.</param>
/// <param name="IsCovered">All that lies well beside the device is covered in what the network is given.</param>
public readonly record struct AuditFilm(FilmPlan Plan, bool IsCovered = false);
