using System.Buffers;

namespace BulkImplantScan.Phantoms;

/// <summary>Working memory of one film: taken from the pool, given back together.</summary>
/// <remarks>A film needs some 15 arrays of its size. As new ones they come from the system page by page, which was a quarter of all
/// time at 512 pixels.</remarks>
internal sealed class Room : IDisposable
{
    /// <summary>What may be read and written back behind an array's length: a whole vector.</summary>
    public const int Slack = 8;

    private readonly List<float[]> _taken = [];

    /// <summary>Zeros; the array is longer than asked for, by <see cref="Slack"/> at least.</summary>
    public float[] Zeros(int length)
    {
        var array = Any(length);
        array.AsSpan(0, length + Slack).Clear();
        return array;
    }

    /// <summary>As <see cref="Zeros"/>, but with whatever was there.</summary>
    public float[] Any(int length)
    {
        var array = ArrayPool<float>.Shared.Rent(length + Slack);
        _taken.Add(array);
        return array;
    }

    /// <summary>Gives one back before the film is done.</summary>
    public void Return(float[] array)
    {
        if (_taken.Remove(array)) ArrayPool<float>.Shared.Return(array);
    }

    public void Dispose()
    {
        foreach (var array in _taken) ArrayPool<float>.Shared.Return(array);
        _taken.Clear();
    }
}
