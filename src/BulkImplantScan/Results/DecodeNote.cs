namespace BulkImplantScan.Results;

/// <summary>What was done to a film that a reader of its row should know: the words of <see cref="FilmRow.Notes"/>.
/// docs/dicom.md explains each to users.</summary>
public static class DecodeNote
{
    /// <summary>Colour was made grey: luminance.</summary>
    public const string Luminance = "luminance";

    /// <summary>PALETTE COLOR: luminance of the palette's colours.</summary>
    public const string Palette = "palette";

    /// <summary>More than 16 bits, or floating point: the film's range was scaled to 16 bits.</summary>
    public const string ScaledTo16Bits = "scaled_to_16_bits";

    /// <summary>Overlay planes lay in unused bits of the pixels, and were taken out.</summary>
    public const string OverlayBits = "overlay_bits";

    /// <summary>The pixels have more bits than Bits Stored says, and were read with all of them.</summary>
    public const string BitsStoredRaised = "bits_stored_raised";

    /// <summary>Transparent pixels of an exported picture were laid on black.</summary>
    public const string Alpha = "alpha";

    /// <summary>An exported picture was turned or mirrored as its Orientation says.</summary>
    public const string Oriented = "oriented";

    /// <summary>The film has a border that was left out; the notes behind it say what showed it.</summary>
    public const string FieldOfView = "field_of_view";

    /// <summary>A border by Shutter attributes.</summary>
    public const string Shutter = "shutter";

    /// <summary>A border by Collimator attributes.</summary>
    public const string Collimator = "collimator";

    /// <summary>A border of padding.</summary>
    public const string Padding = "padding";

    /// <summary>A border that the image itself shows.</summary>
    public const string Border = "border";

    /// <summary>fo-dicom read the file and wrote it anew for our reader.</summary>
    public const string FoDicom = "fo_dicom";

    /// <summary>Pixels are not square, and the film was shown with its true shape.</summary>
    public const string Aspect = "aspect";

    /// <summary>The network was shown the mirror image; map and peak are as the film lies.</summary>
    public const string Mirrored = "mirrored";

    /// <summary>Decoded at a reduced resolution: 2ⁿ times fewer pixels along each side.</summary>
    /// <param name="levels">n, 1 or more.</param>
    public static string Reduced(int levels) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"reduced_{levels}");

    /// <summary>The file has more frames than get a row each: this is one of a sample.</summary>
    public const string SampledFrames = "sampled_frames";
}
