namespace BulkImplantScan.Phantoms;

/// <summary>Truth of one hip of a film.</summary>
public sealed class PhantomHip
{
    private readonly MetalBox _metal;
    private byte[]? _mask;
    private byte[]? _elements;

    internal PhantomHip(char side, Design design, Metal metal, MetalBox box)
    {
        (Side, Design, Metal) = (side, design, metal);
        _metal = box;
    }

    /// <summary><c>L</c> or <c>R</c>, of the patient.</summary>
    public char Side { get; }

    /// <summary>Hardware.</summary>
    public Design Design { get; }

    /// <summary><c>D1</c> … <c>D6</c>, <c>none</c> or <c>unknown</c>.</summary>
    public string Label => Design.Label();

    /// <summary>What the device is made of; <see cref="Metal.None"/> without one.</summary>
    public Metal Metal { get; }

    /// <summary>Metal by pixel, Rows · Columns of the film: 0 none, 85 screws and wires, 170 nail or plate, 255 head element; the
    /// largest of these where several lie behind each other.</summary>
    public byte[] Mask => _mask ??= _metal.Spread(flags => flags switch { >= 4 => 255, >= 2 => 170, 1 => 85, _ => 0 });

    /// <summary>The same with all of them: the sum of 1 screws and wires, 2 nail or plate, 4 head element.</summary>
    public byte[] Elements => _elements ??= _metal.Spread(flags => flags);

    /// <summary>Seed, measures of the device and where its head element is: names and values for <c>truth.parquet</c>.</summary>
    internal IReadOnlyList<(string Name, double Value)> Measures { get; init; } = [];

    /// <summary>What went wrong with the device: <c>broken</c>, <c>backed_out</c> or nothing.</summary>
    internal string Failure { get; init; } = "";

    /// <summary>Centre of the femoral head on the film, pixels.</summary>
    internal (double Column, double Row) HeadCentre { get; init; }
}
