namespace BulkImplantScan.Pipeline;

/// <summary>What lives as long as its owner (a scan, a device's decoder), let go in the reverse order in which it came.</summary>
internal sealed class Held : IDisposable
{
    private readonly Stack<IDisposable> _all = [];

    /// <summary>Keeps it, and gives it back to be used.</summary>
    public T Keep<T>(T thing) where T : IDisposable
    {
        _all.Push(thing);
        return thing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_all.TryPop(out var thing)) thing.Dispose();
    }
}
