namespace BulkImplantScan.Inference;

/// <summary>What became of the weights that were rounded to fp16.</summary>
/// <param name="Count">Weights rounded.</param>
/// <param name="Largest">Largest magnitude, at most 65504.</param>
/// <param name="Vanished">Weights that were not 0 and are now: magnitudes below 3·10⁻⁸.</param>
/// <param name="Coarse">Weights below 6.1·10⁻⁵ that kept fewer than eleven bits, without those that vanished.</param>
public sealed record HalvedWeights(long Count, float Largest, long Vanished, long Coarse);
