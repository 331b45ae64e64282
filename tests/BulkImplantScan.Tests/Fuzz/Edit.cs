namespace BulkImplantScan.Tests.Fuzz;

/// <summary>One change of a seed: at a place of the seed as it was, bytes go and others come.</summary>
/// <param name="At">Byte of the seed.</param>
/// <param name="Removed">How many of its bytes go.</param>
/// <param name="Inserted">What comes in their place.</param>
/// <param name="Origin">The seed that <paramref name="Inserted"/> was copied from, so that a recipe need not hold bytes of a file
/// that may not be handed on; null for bytes that were made.</param>
/// <param name="OriginAt">Where in it.</param>
internal sealed record Edit(int At, int Removed, ReadOnlyMemory<byte> Inserted, FuzzSeed? Origin = null, int OriginAt = 0)
{
    public int End => At + Removed;

    /// <summary>No byte behind it moves.</summary>
    public bool KeepsLength => Removed == Inserted.Length;

    /// <summary>Sorts edits, and drops those that overlap one before them.</summary>
    public static void Settle(List<Edit> edits)
    {
        var sorted = edits.Select((edit, order) => (edit, order)).OrderBy(e => e.edit.At).ThenBy(e => e.order).ToList();
        edits.Clear();
        var end = 0;
        foreach (var (edit, _) in sorted)
        {
            if (edit.At < end) continue;
            edits.Add(edit);
            end = edit.End;
        }
    }

    /// <summary>Bytes after all edits.</summary>
    public static int LengthAfter(int length, List<Edit> edits)
    {
        foreach (var edit in edits) length += edit.Inserted.Length - edit.Removed;
        return length;
    }

    /// <summary>Writes the seed with settled edits into <paramref name="target"/>.</summary>
    public static void Apply(ReadOnlySpan<byte> seed, List<Edit> edits, Span<byte> target)
    {
        int from = 0, to = 0;
        foreach (var edit in edits)
        {
            seed[from..edit.At].CopyTo(target[to..]);
            to += edit.At - from;
            edit.Inserted.Span.CopyTo(target[to..]);
            to += edit.Inserted.Length;
            from = edit.End;
        }

        seed[from..].CopyTo(target[to..]);
    }
}
