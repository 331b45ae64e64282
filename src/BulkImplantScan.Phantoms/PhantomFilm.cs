using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms;

/// <summary>One synthetic film with its truth, in memory.</summary>
public sealed record PhantomFilm
{
    private byte[]? _mask;

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

    /// <summary>Hip or pelvis.</summary>
    public View View { get; init; }

    /// <summary>Truth by hip: the one that the film is about, then, on a pelvis film, the other.</summary>
    public required IReadOnlyList<PhantomHip> Hips { get; init; }

    /// <summary>Truth of the first hip.</summary>
    public Design Design => Hips[0].Design;

    /// <summary>Truth of the first hip: <c>D1</c> … <c>D6</c>, <c>none</c> or <c>unknown</c>.</summary>
    public string Label => Hips[0].Label;

    /// <summary>Truth of the first hip: metal of the device.</summary>
    public Metal Metal => Hips[0].Metal;

    /// <summary>Truth of the first hip: <c>L</c> or <c>R</c>, of the patient.</summary>
    public char Side => Hips[0].Side;

    /// <summary>Metal of all devices by pixel, Rows · Columns: 0 none, 85 screws and wires, 170 nail or plate, 255 head element.</summary>
    public byte[] Mask => _mask ??= Hips.Count == 1 ? Hips[0].Mask : [.. Hips[0].Mask.Zip(Hips[1].Mask, Math.Max)];

    /// <summary>Truth: the smallest rectangle that holds all that was exposed; the whole film without a collimator's edge on it.</summary>
    public required FieldOfView Field { get; init; }

    /// <summary>Pitch on the detector in mm.</summary>
    public required double PitchMm { get; init; }

    /// <summary>Who and how, for the header.</summary>
    internal Films.Look Look { get; init; } = new();

    /// <summary>Whether there is text in the stored values.</summary>
    internal bool BurntIn { get; init; }

    /// <summary>All that was drawn, for <c>truth.parquet</c>.</summary>
    internal IReadOnlyList<Fact> Facts { get; init; } = [];
}
