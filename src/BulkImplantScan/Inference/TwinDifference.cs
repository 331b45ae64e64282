using System.Runtime.InteropServices;

namespace BulkImplantScan.Inference;

/// <summary>How far apart two packages of one network answer on inputs of noise, on the CPU.</summary>
/// <param name="Inputs">Inputs tried.</param>
/// <param name="SameTop">Inputs with the same largest logit.</param>
/// <param name="LargestProbability">Largest difference of a probability.</param>
/// <param name="AllFinite">Logits, feature maps and gradients of the second are finite.</param>
/// <remarks>A check that the twin runs and is the same network, for any package. It says little of films: those are what a network was
/// trained on, noise is not.</remarks>
public sealed record TwinDifference(int Inputs, int SameTop, double LargestProbability, bool AllFinite)
{
    /// <summary>Runs both.</summary>
    /// <param name="one">The original.</param>
    /// <param name="other">Its twin: same input, classes and temperature.</param>
    /// <param name="inputs">Inputs to try, ≥ 1.</param>
    /// <exception cref="ModelPackageException">ONNX Runtime's CPU provider cannot run one of them.</exception>
    public static TwinDifference Measure(ModelPackage one, ModelPackage other, int inputs)
    {
        using var first = new NetworkSession(one, 1, Environment.ProcessorCount);
        using var second = new NetworkSession(other, 1, Environment.ProcessorCount);
        var shape = first.FeatureMapShape;
        var input = GC.AllocateArray<float>(one.Input.FilmLength, pinned: true);
        var results = new float[2][][];
        for (var i = 0; i < 2; i++)
            results[i] = [.. new[] { first.ClassCount, shape.Length, shape.Length }.Select(length => GC.AllocateArray<float>(length, pinned: true))];
        using var firstBound = first.Bind(Buffers(input, results[0]));
        using var secondBound = second.Bind(Buffers(input, results[1]));

        var random = new Random(1);
        var (sameTop, largest, allFinite) = (0, 0.0, true);
        for (var i = 0; i < inputs; i++)
        {
            // From dark to bright, in standard deviations.
            var level = 3f * (i + 0.5f) / inputs - 1.5f;
            foreach (ref var value in input.AsSpan()) value = level + 2 * random.NextSingle() - 1;
            firstBound.Run();
            secondBound.Run();
            allFinite &= results[1].All(values => values.All(float.IsFinite));
            var (a, b) = (Decision.Of(one, results[0][0], true), Decision.Of(other, results[1][0], true));
            if (a.TopClass is not null && a.TopClass == b.TopClass) sameTop++;
            foreach (var (p, q) in a.Probabilities.Zip(b.Probabilities)) largest = Math.Max(largest, Math.Abs(p - q));
        }

        return new(inputs, sameTop, largest, allFinite);
    }

    private static NetworkBuffers Buffers(float[] input, float[][] results) =>
        new(Address(input), Address(results[0]), Address(results[1]), Address(results[2]), NetworkMemory.Cpu);

    private static nint Address(float[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
