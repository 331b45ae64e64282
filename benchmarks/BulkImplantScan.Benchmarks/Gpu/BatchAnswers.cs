using BulkImplantScan.Pipeline;

namespace BulkImplantScan.Benchmarks.Gpu;

/// <summary>What a slot says of its films.</summary>
/// <param name="Logits">[films, classes].</param>
/// <param name="Maps">Grad-CAM in 8 bits, [films, h, w].</param>
internal sealed record BatchAnswers(float[] Logits, byte[] Maps)
{
    /// <summary>After <see cref="BatchSlot.Explain"/>.</summary>
    public static BatchAnswers Of(BatchSlot slot) => new(
        [.. Enumerable.Range(0, slot.Count).SelectMany(place => slot.Logits(place).ToArray())],
        [.. Enumerable.Range(0, slot.Count).SelectMany(place => slot.Cam(place).Map8)]);

    /// <summary>Largest difference of logits, against the largest logit where that is above 1; infinite where one is not a number.</summary>
    public double LogitsApart(BatchAnswers other)
    {
        var size = Math.Max(1, other.Logits.Max(Math.Abs));
        var apart = Logits.Zip(other.Logits, (a, b) => Math.Abs((double)a - b) / size).Max();
        return double.IsNaN(apart) ? double.PositiveInfinity : apart;
    }

    /// <summary>Largest difference of the maps, in steps of 255.</summary>
    public int MapsApart(BatchAnswers other) => Maps.Zip(other.Maps, (a, b) => Math.Abs(a - b)).Max();

    /// <summary>Bit by bit.</summary>
    public bool IsSame(BatchAnswers other) => Logits.AsSpan().SequenceEqual(other.Logits) && Maps.AsSpan().SequenceEqual(other.Maps);
}
