namespace BulkImplantScan.Imaging;

/// <summary>What of a film a network was trained on, and so must be given.</summary>
public enum InputField
{
    /// <summary>The whole film, borders and all; what packages that do not say mean.</summary>
    Whole,

    /// <summary>The field of view: borders cut off.</summary>
    Crop,
}
