namespace BulkImplantScan.Tests.Fuzz;

/// <summary>What inputs are thrown at: the index or the decoder. One a thread.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>Whether it wants films with their pixels, not headers.</summary>
    bool IsFilm { get; }

    /// <summary>Managed and pooled bytes that the last input took.</summary>
    long AllocatedBytes { get; }

    /// <summary>Time of the engine on the last input; the oracles' own is not in it.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>What became of the last input: a reason, or that it decoded.</summary>
    string Outcome { get; }

    /// <summary>Takes one input.</summary>
    /// <param name="seed">What it was made from.</param>
    /// <param name="edits">How.</param>
    /// <param name="input">Its bytes.</param>
    /// <returns>What is wrong with what came out; null when nothing is. Exceptions are failures, too.</returns>
    FuzzFault? Try(FuzzSeed seed, List<Edit> edits, ReadOnlySpan<byte> input);
}
