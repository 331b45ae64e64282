namespace BulkImplantScan.Dicom;

/// <summary>Window Center, Window Width and VOI LUT Function (PS3.3 C.11.2.1.2, C.11.2.1.3), onto [0, 1].</summary>
/// <param name="Function">Which of the three formulas.</param>
/// <param name="Center">In units of the Modality LUT's output.</param>
/// <param name="Width">&gt; 0; ≥ 1 for LINEAR.</param>
internal readonly record struct VoiWindow(VoiWindow.Kind Function, double Center, double Width)
{
    public enum Kind
    {
        Linear,
        LinearExact,
        Sigmoid,
    }

    /// <summary>As rows call it.</summary>
    public string Name => Function switch
    {
        Kind.LinearExact => "window-exact",
        Kind.Sigmoid => "sigmoid",
        _ => "window",
    };

    /// <summary>Value at which a straight ramp leaves 0.</summary>
    public double RampStart => Function == Kind.Linear ? Center - 0.5 - (Width - 1) / 2 : Center - Width / 2;

    /// <summary>Units from 0 to 1; 0 for a step.</summary>
    public double RampWidth => Function == Kind.Linear ? Width - 1 : Width;

    /// <summary>The first window of the file; null when it has none that the standard allows.</summary>
    public static VoiWindow? Read(ReadOnlySpan<byte> file, DicomDataset dataset)
    {
        if (dataset.GetDouble(file, DicomTags.WindowCenter) is not { } center) return null;
        if (dataset.GetDouble(file, DicomTags.WindowWidth) is not { } width) return null;
        var function = dataset.GetString(file, DicomTags.VoiLutFunction) switch
        {
            "LINEAR_EXACT" => Kind.LinearExact,
            "SIGMOID" => Kind.Sigmoid,
            _ => Kind.Linear,
        };
        var isAllowed = width is > 0 and <= 1e12 && Math.Abs(center) <= 1e12 && (function != Kind.Linear || width >= 1);
        return isAllowed ? new(function, center, width) : null;
    }

    /// <summary>Brightness of a value, [0, 1], before presentation.</summary>
    public double Apply(double value)
    {
        if (Function == Kind.Sigmoid) return 1 / (1 + Math.Exp(-4 * (value - Center) / Width));
        if (value <= RampStart) return 0;
        return RampWidth == 0 ? 1 : Math.Min((value - RampStart) / RampWidth, 1);
    }
}
