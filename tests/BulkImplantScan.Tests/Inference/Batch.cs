using System.Runtime.InteropServices;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

/// <summary>A session with pinned arrays bound to it.</summary>
internal sealed class Batch : IDisposable
{
    private readonly BoundBatch _bound;

    public Batch(NetworkSession session)
    {
        Session = session;
        var shape = session.FeatureMapShape;
        Input = Pinned(session.BatchSize * session.Package.Input.FilmLength);
        Logits = Pinned(session.BatchSize * session.ClassCount);
        FeatureMaps = Pinned(session.BatchSize * shape.Channels * shape.Positions);
        Gradients = Pinned(FeatureMaps.Length);
        _bound = session.Bind(new(Address(Input), Address(Logits), Address(FeatureMaps), Address(Gradients), NetworkMemory.Cpu));
    }

    public NetworkSession Session { get; }

    public float[] Input { get; }

    public float[] Logits { get; }

    public float[] FeatureMaps { get; }

    public float[] Gradients { get; }

    public void Run() => _bound.Run();

    /// <summary>Everything that the network says of one film, bit for bit.</summary>
    public byte[] RowBytes(int film)
    {
        var maps = FeatureMaps.Length / Session.BatchSize;
        return
        [
            .. MemoryMarshal.AsBytes(Logits.AsSpan(film * Session.ClassCount, Session.ClassCount)),
            .. MemoryMarshal.AsBytes(FeatureMaps.AsSpan(film * maps, maps)),
            .. MemoryMarshal.AsBytes(Gradients.AsSpan(film * maps, maps)),
        ];
    }

    public void Dispose()
    {
        _bound.Dispose();
        Session.Dispose();
    }

    private static float[] Pinned(int length) => GC.AllocateArray<float>(length, pinned: true);

    private static nint Address(float[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
