using BulkImplantScan.Inference;

namespace BulkImplantScan.Pipeline;

/// <summary>A bug or a broken machine met a film: the scan stops, finished parts stay, and the film can be found by its key.</summary>
/// <remarks>Never thrown for a bad film: that is a row.</remarks>
public sealed class ScanFaultException : Exception
{
    /// <summary>The fault of <paramref name="stage"/> at the film with <paramref name="filmKey"/>.</summary>
    public ScanFaultException(string stage, string filmKey, Exception cause)
        : base($"{stage} failed at film {filmKey}: {(DeviceFault.Explain(cause) ?? cause.Message).TrimEnd('.')}", cause)
    {
        (Stage, FilmKey) = (stage, filmKey);
    }

    /// <summary>Name of the stage.</summary>
    public string Stage { get; }

    /// <summary>Key of the film, as in inventory and rows.</summary>
    public string FilmKey { get; }
}
