using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms;

/// <summary>One synthetic film with its truth, in memory.</summary>
public sealed record PhantomFilm
{
    /// <summary>Stored values, row after row: <see cref="Rows"/> · <see cref="Columns"/>, each below 2^<see cref="BitsStored"/>.</summary>
    public required ushort[] Stored { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Columns { get; init; }

    /// <summary>Significant bits, 12 to 14.</summary>
    public required int BitsStored { get; init; }

    /// <summary>True: stored values are shown inverted.</summary>
    public required bool Monochrome1 { get; init; }

    /// <summary>Stored value → brightness as the film's header asks for it (window, sigmoid, table, inversion).</summary>
    public required GrayscaleTransform Transform { get; init; }

    /// <summary>Truth.</summary>
    public required Design Design { get; init; }

    /// <summary>Truth: <c>D1</c> … <c>D6</c>, <c>none</c> or <c>unknown</c>.</summary>
    public string Label => Design.Label();

    /// <summary>Truth: metal of the device; <see cref="Metal.None"/> without one.</summary>
    public required Metal Metal { get; init; }

    /// <summary>Truth: <c>L</c> or <c>R</c>, of the patient.</summary>
    public required char Side { get; init; }

    /// <summary>Metal of the device by pixel, Rows · Columns: 0 none, 85 screws and wires, 170 nail or plate, 255 head element.</summary>
    public required byte[] Mask { get; init; }

    /// <summary>Truth: the smallest rectangle that holds all that was exposed; the whole film without a collimator's edge on it.</summary>
    public required FieldOfView Field { get; init; }

    /// <summary>Pitch on the detector in mm.</summary>
    public required double PitchMm { get; init; }

    /// <summary>Who and how, for the header.</summary>
    internal Films.Look Look { get; init; } = new();
}
