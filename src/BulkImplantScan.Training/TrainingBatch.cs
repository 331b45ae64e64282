namespace BulkImplantScan.Training;

/// <summary>What one step is trained on; filled anew for each.</summary>
internal sealed class TrainingBatch(int count, int filmLength, int maskSide)
{
    private readonly ushort[][] _scratch = [.. Enumerable.Range(0, count).Select(_ => new ushort[filmLength])];

    /// <summary>Films.</summary>
    public int Count => count;

    /// <summary>Normalised, fp32 [N, 1, H, W].</summary>
    public float[] Films { get; } = new float[count * filmLength];

    /// <summary>Share of metal, fp32 [N, 1, m, m].</summary>
    public float[] Masks { get; } = new float[count * maskSide * maskSide];

    /// <summary>1 where the film's evidence is judged by its mask, else 0.</summary>
    public float[] HasMask { get; } = new float[count];

    /// <summary>Classes.</summary>
    public long[] Labels { get; } = new long[count];

    /// <summary>Brightness of one film that is drawn over, [H, W].</summary>
    public Span<ushort> Scratch(int film) => _scratch[film];
}
