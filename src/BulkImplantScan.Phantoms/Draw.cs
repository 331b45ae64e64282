namespace BulkImplantScan.Phantoms;

/// <summary>Random numbers that depend on a seed and a stream name alone: same seed, same film, on any number of threads.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014, OOPSLA): the state is a counter, so streams need no warm-up and never share
/// state. One stream per concern, so that another device does not move the patient (counterfactual pairs).</remarks>
internal sealed class Draw
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _counter;

    /// <summary>The stream named <paramref name="stream"/> of <paramref name="seed"/>.</summary>
    public Draw(ulong seed, string stream)
    {
        var name = 14695981039346656037UL; // FNV-1a: string.GetHashCode differs from process to process
        foreach (var letter in stream) name = (name ^ letter) * 1099511628211UL;
        _counter = Mix(seed + Step) ^ Mix(name);
    }

    /// <summary>The finaliser of SplitMix64: a bijection of 64 bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_counter += Step);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + (high - low) * ((Next() >> 11) * (1.0 / (1UL << 53)));

    /// <summary>Normal, cut at 2.5 standard deviations so that no anatomy or pose is absurd.</summary>
    public double Normal(double mean, double standardDeviation)
    {
        var u = Math.Sqrt(-2 * Math.Log(1 - Uniform(0, 1)));
        return mean + standardDeviation * Math.Clamp(u * Math.Cos(Uniform(0, 2 * Math.PI)), -2.5, 2.5);
    }

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => Uniform(0, 1) < probability;

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>], both included.</summary>
    public int Whole(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>One of these, equally likely.</summary>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Whole(0, choices.Length - 1)];
}
