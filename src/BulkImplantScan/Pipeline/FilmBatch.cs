namespace BulkImplantScan.Pipeline;

/// <summary>Films that travel together from Stage on: those to be judged lie in the slot, in the order of the list.</summary>
internal sealed class FilmBatch : IDisposable
{
    /// <summary>All films, those that were turned away too, in the order of the inventory.</summary>
    public List<FilmInFlight> Films { get; } = [];

    /// <summary>The films in the slot, place by place.</summary>
    public List<FilmInFlight> Judged { get; } = [];

    /// <summary>Device memory of the batch; null while no film is to be judged, and after Explain.</summary>
    public BatchSlot? Slot { get; set; }

    /// <summary>Key of the first film: what an error message can name.</summary>
    public string FirstKey => Films.Count == 0 ? "(none)" : Films[0].Film.FilmKey;

    /// <summary>Lets the films' memory go.</summary>
    public void Dispose()
    {
        foreach (var film in Films) film.Dispose();
    }
}
