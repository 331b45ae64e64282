namespace BulkImplantScan.Imaging;

/// <summary>Where the samples of a film belong in the slab of a <see cref="FilmBatchPacker"/>.</summary>
public readonly struct PackedPlace
{
    internal PackedPlace(long offset, FieldSamples field) => (Offset, Field) = (offset, field);

    internal long Offset { get; }

    internal FieldSamples Field { get; }
}
