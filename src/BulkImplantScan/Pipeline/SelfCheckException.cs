namespace BulkImplantScan.Pipeline;

/// <summary>The fast path and the plain one differ on a film: the rows of this machine and build cannot be trusted.</summary>
public sealed class SelfCheckException : Exception
{
    /// <summary>What differs at the film with <paramref name="filmKey"/>.</summary>
    public SelfCheckException(string filmKey, string difference, Exception? cause = null)
        : base(
            $"self-check: film {filmKey} comes out otherwise on the plain path: {difference}. The scan has stopped; do not use the rows of " +
            "this run before the cause is found (memory, processor, driver or a bug of ours: please report it)", cause)
    {
        FilmKey = filmKey;
    }

    /// <summary>Key of the film, as in inventory and rows.</summary>
    public string FilmKey { get; }
}
