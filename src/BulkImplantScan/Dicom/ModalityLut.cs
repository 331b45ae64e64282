namespace BulkImplantScan.Dicom;

/// <summary>Stored value → manufacturer-independent value: a table, or Rescale Slope and Intercept (PS3.3 C.11.1).</summary>
/// <remarks>The table wins when a file has both, which the standard forbids (as pydicom does). A slope of 0, or one that is no
/// number, would make every film constant: the identity is taken.</remarks>
internal sealed class ModalityLut
{
    private readonly LookupTable? _table;

    private ModalityLut(LookupTable? table, double slope, double intercept)
    {
        (_table, Slope, Intercept) = (table, slope, intercept);
    }

    /// <summary>Slope and Intercept hold.</summary>
    public bool IsLinear => _table is null;

    /// <summary>Units a stored unit, not 0; 1 without a rescale.</summary>
    public double Slope { get; }

    /// <summary>Units at stored value 0.</summary>
    public double Intercept { get; }

    /// <summary>Reads it; the identity when the file has none.</summary>
    public static ModalityLut Read(ReadOnlySpan<byte> file, DicomDataset dataset, bool isSigned)
    {
        if (LookupTable.Read(file, dataset, DicomTags.ModalityLutSequence, isSigned) is { } table) return new(table, 1, 0);
        var slope = dataset.GetDouble(file, DicomTags.RescaleSlope) ?? 1;
        var intercept = dataset.GetDouble(file, DicomTags.RescaleIntercept) ?? 0;

        // Beyond these no double can hold a stored value's difference; only nonsense is.
        return Math.Abs(slope) is >= 1e-12 and <= 1e12 && Math.Abs(intercept) <= 1e12 ? new(null, slope, intercept) : new(null, 1, 0);
    }

    /// <summary>Value of a stored value.</summary>
    public double Apply(int stored) => _table is null ? stored * Slope + Intercept : _table.Apply(stored);
}
