using BulkImplantScan.Results;

namespace BulkImplantScan.Inference;

/// <summary>What a film's logits mean: probabilities, scores, and the status of its row.</summary>
public sealed record Decision
{
    private Decision(FilmStatus status, Reason reason) => (Status, Reason) = (status, reason);

    /// <summary>Identified, None or Abstained.</summary>
    public FilmStatus Status { get; }

    /// <summary>Why it abstained; <see cref="Reason.None"/> otherwise.</summary>
    public Reason Reason { get; }

    /// <summary>Class with the largest probability, the first of equals, also when abstained; null when the logits are not finite.</summary>
    public DeviceClass? TopClass { get; private init; }

    /// <summary>Probability of <see cref="TopClass"/>; null when the logits are not finite.</summary>
    public float? Probability { get; private init; }

    /// <summary>Softmax(z / T) in the order of the classes; empty when the logits are not finite.</summary>
    public float[] Probabilities { get; private init; } = [];

    /// <summary>Classes with 1 − p_c ≤ q_c; empty without conformal thresholds.</summary>
    public string[] ConformalSet { get; private init; } = [];

    /// <summary>Energy score −T·log Σ exp(z/T) (Liu 2020) over the classes that answer (devices, no implant), larger = more outlying;
    /// null when the logits are not finite.</summary>
    public float? Energy { get; private init; }

    /// <summary>See <see cref="FeatureDistance.Of"/>; null where the package or the caller has no features, or they are not finite.</summary>
    public float? FeatureDistance { get; private init; }

    /// <summary>Judges one film.</summary>
    /// <param name="package">Classes, temperature and thresholds.</param>
    /// <param name="logits">z, one per class.</param>
    /// <param name="explanationIsFinite">False when the film's feature maps or gradient hold NaN or an infinity.</param>
    /// <param name="pooledFeatures">f, one per channel of the last feature maps; empty: no distance.</param>
    /// <remarks>The first that applies: not finite → abstained; a class that refuses (unknown hardware, no hip) → abstained; energy or
    /// feature distance above its threshold → abstained; probability below its threshold → abstained; no implant → none; else
    /// identified. In double precision.</remarks>
    /// <exception cref="ArgumentException">Not one logit per class.</exception>
    public static Decision Of(ModelPackage package, ReadOnlySpan<float> logits, bool explanationIsFinite, ReadOnlySpan<float> pooledFeatures = default)
    {
        if (logits.Length != package.Classes.Count)
            throw new ArgumentException($"{logits.Length} logits for {package.Classes.Count} classes", nameof(logits));
        foreach (var logit in logits)
            if (!float.IsFinite(logit)) return new(FilmStatus.Abstained, Reason.NotFinite);

        var top = 0;
        for (var c = 1; c < logits.Length; c++)
            if (logits[c] > logits[top]) top = c;

        // Shifted by the largest logit: no exponential overflows, and the sum is at least 1.
        double temperature = package.Temperature, sum = 0, answers = 0;
        var exponentials = new double[logits.Length];
        for (var c = 0; c < logits.Length; c++)
        {
            sum += exponentials[c] = Math.Exp(((double)logits[c] - logits[top]) / temperature);
            if (package.Classes[c].Answers) answers += exponentials[c];
        }

        var probabilities = Array.ConvertAll(exponentials, e => (float)(e / sum));

        // Far below a class that refuses, all the others may be 0: then it is as large as a float can say.
        var energy = (float)Math.Min(-(logits[top] + temperature * Math.Log(answers)), float.MaxValue);

        var thresholds = package.Thresholds;
        float? distance = thresholds.Features is { } features && !pooledFeatures.IsEmpty && features.Of(pooledFeatures) is var d && float.IsFinite(d) ? d : null;
        var device = package.Classes[top];
        var (status, reason) =
            !explanationIsFinite ? (FilmStatus.Abstained, Reason.NotFinite)
            : device.Kind == DeviceKind.Unknown ? (FilmStatus.Abstained, Reason.UnknownHardware)
            : device.Kind == DeviceKind.Other ? (FilmStatus.Abstained, Reason.NotAHip)
            : energy > thresholds.MaximumEnergy || distance > thresholds.Features?.Maximum ? (FilmStatus.Abstained, Reason.OutOfDistribution)
            : probabilities[top] < thresholds.MinimumProbability ? (FilmStatus.Abstained, Reason.LowConfidence)
            : device.Kind == DeviceKind.None ? (FilmStatus.None, Reason.None)
            : (FilmStatus.Identified, Reason.None);

        return new(status, reason)
        {
            TopClass = device,
            Probability = probabilities[top],
            Probabilities = probabilities,
            ConformalSet = ConformalOf(package, probabilities),
            Energy = energy,
            FeatureDistance = distance,
        };
    }

    private static string[] ConformalOf(ModelPackage package, float[] probabilities)
    {
        if (package.Thresholds.Conformal is not { } thresholds) return [];
        var set = new List<string>(probabilities.Length);
        for (var c = 0; c < probabilities.Length; c++)
            if (1 - probabilities[c] <= thresholds[c]) set.Add(package.Classes[c].Id);
        return [.. set];
    }
}
