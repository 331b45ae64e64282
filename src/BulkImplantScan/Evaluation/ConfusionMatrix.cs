namespace BulkImplantScan.Evaluation;

/// <summary>Films by what they show and what they were called.</summary>
/// <param name="classes">Number of classes K, at least 1.</param>
public sealed class ConfusionMatrix(int classes)
{
    private readonly long[,] _films = new long[Positive(classes), classes];

    /// <summary>Number of classes K.</summary>
    public int Classes => _films.GetLength(0);

    /// <summary>Films of class <paramref name="truth"/> that were called <paramref name="answer"/>.</summary>
    /// <param name="truth">[0, K).</param>
    /// <param name="answer">[0, K).</param>
    public long this[int truth, int answer] => _films[truth, answer];

    /// <summary>All films.</summary>
    public long Films { get; private set; }

    /// <summary>Films that were called what they show.</summary>
    public long Correct { get; private set; }

    /// <summary>Share of <see cref="Correct"/>; NaN without films.</summary>
    public double Top1 => Correct / (double)Films;

    /// <summary>95 % Wilson interval of <see cref="Top1"/>, films taken as independent.</summary>
    public Interval Top1Interval => Wilson.Of(Correct, Films);

    /// <summary>Counts a film.</summary>
    /// <param name="truth">[0, K).</param>
    /// <param name="answer">[0, K).</param>
    /// <exception cref="IndexOutOfRangeException">Not a class.</exception>
    public void Add(int truth, int answer)
    {
        _films[truth, answer]++;
        Films++;
        if (truth == answer) Correct++;
    }

    /// <summary>One class against all others.</summary>
    /// <param name="of">[0, K).</param>
    public ClassScores Of(int of)
    {
        long shown = 0, called = 0;
        for (var other = 0; other < Classes; other++)
        {
            shown += _films[of, other];
            called += _films[other, of];
        }

        var hit = _films[of, of];
        return new(hit, called - hit, shown - hit, Films - shown - called + hit);
    }

    private static int Positive(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        return classes;
    }
}
