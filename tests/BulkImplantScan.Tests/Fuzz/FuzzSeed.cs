using System.IO.Compression;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>A file that mutations start from.</summary>
internal sealed class FuzzSeed
{
    /// <param name="name"><c>own/…</c> or <c>shared/…</c>: recipes name it.</param>
    /// <param name="bytes">The file; of one that <paramref name="isDeflated"/>, with its data set inflated.</param>
    /// <param name="isDeflated">Whether the data set is deflated anew after each mutation.</param>
    public FuzzSeed(string name, byte[] bytes, bool isDeflated = false)
    {
        (Name, Bytes, IsDeflated) = (name, bytes, isDeflated);
        Map = new(bytes);
    }

    public string Name { get; }

    public byte[] Bytes { get; }

    public bool IsDeflated { get; }

    public SeedMap Map { get; }

    /// <summary>What each frame decodes to unchanged; the first few. Filled by <see cref="FilmFuzz"/>.</summary>
    public FrameTruth[] Truth { get; set; } = [];

    /// <summary>Bytes that an input made of this seed has at most.</summary>
    public int LargestInput(List<Edit> edits) =>
        IsDeflated ? Edit.LengthAfter(Bytes.Length, edits) + 4096 : Edit.LengthAfter(Bytes.Length, edits);

    /// <summary>Makes the input of a case.</summary>
    /// <param name="edits">Settled.</param>
    /// <param name="target">At least <see cref="LargestInput"/>.</param>
    /// <returns>Its length.</returns>
    public int Build(List<Edit> edits, byte[] target)
    {
        var length = Edit.LengthAfter(Bytes.Length, edits);
        Edit.Apply(Bytes, edits, target);
        if (!IsDeflated) return length;

        var dataSetAt = Edit.LengthAfter(Map.DataSetAt, [.. edits.Where(edit => edit.End <= Map.DataSetAt)]);
        if (dataSetAt < 0 || dataSetAt > length) return length;
        using var deflated = new MemoryStream(length);
        using (var deflater = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
            deflater.Write(target, dataSetAt, length - dataSetAt);
        var bytes = deflated.GetBuffer().AsSpan(0, (int)deflated.Length);
        bytes.CopyTo(target.AsSpan(dataSetAt));
        return dataSetAt + bytes.Length;
    }
}
