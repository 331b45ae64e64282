namespace BulkImplantScan.Dicom;

/// <summary>Stored value → manufacturer-independent value: a table, or Rescale Slope and Intercept (PS3.3 C.11.1).</summary>
/// <remarks>The table wins when a file has both, which the standard forbids (as pydicom does). A slope of 0, or one that is no
/// number, would make every film constant: the identity is taken.</remarks>
internal readonly struct ModalityLut : IDisposable
{
    private readonly LookupTable? _table;
    private readonly SampleScale _scale;

    private ModalityLut(LookupTable? table, SampleScale scale, double slope, double intercept)
    {
        (_table, _scale, Slope, Intercept) = (table, scale, slope * scale.Step, intercept + slope * scale.First);
    }

    /// <summary>Slope and Intercept hold.</summary>
    public bool IsLinear => _table is null;

    /// <summary>Units a stored unit, not 0; 1 without a rescale.</summary>
    public double Slope { get; }

    /// <summary>Units at stored value 0.</summary>
    public double Intercept { get; }

    /// <summary>The intercept, where that is all there is and a whole number; else null.</summary>
    public int? WholeIntercept =>
        IsLinear && Slope == 1 && Math.Abs(Intercept) < 1e9 && Math.Floor(Intercept) == Intercept ? (int)Intercept : null;

    /// <summary>Every value is its own.</summary>
    public static ModalityLut Identity => new(null, SampleScale.One, 1, 0);

    /// <summary>Reads it; the identity when the file has none.</summary>
    /// <param name="file">The bytes that <paramref name="dataset"/> was parsed from.</param>
    /// <param name="dataset">Holds sequence or rescale: the data set, or the item of a functional group.</param>
    /// <param name="scale">What stored values stand for.</param>
    /// <param name="isSigned">They can be negative.</param>
    /// <param name="item">Is overwritten.</param>
    public static ModalityLut Read(ReadOnlySpan<byte> file, DicomDataset dataset, SampleScale scale, bool isSigned, DicomDataset item)
    {
        if (LookupTable.Read(file, dataset, DicomTags.ModalityLutSequence, isSigned, item) is { } table) return new(table, scale, 1, 0);
        var slope = dataset.GetDouble(file, DicomTags.RescaleSlope) ?? 1;
        var intercept = dataset.GetDouble(file, DicomTags.RescaleIntercept) ?? 0;

        // Beyond these no double can hold a stored value's difference; only nonsense is.
        var isAllowed = Math.Abs(slope) is >= 1e-12 and <= 1e12 && Math.Abs(intercept) <= 1e12;
        return isAllowed ? new(null, scale, slope, intercept) : new(null, scale, 1, 0);
    }

    /// <summary>Value of a stored value.</summary>
    public double Apply(int stored) => _table is { } table ? table.Apply(_scale.Apply(stored)) : stored * Slope + Intercept;

    /// <summary>Gives the table back.</summary>
    public void Dispose() => _table?.Dispose();
}
