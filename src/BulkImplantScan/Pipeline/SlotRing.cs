using System.Threading.Channels;

namespace BulkImplantScan.Pipeline;

/// <summary>The batch slots that go round between Stage and Explain.</summary>
internal sealed class SlotRing : IDisposable
{
    private readonly List<BatchSlot> _slots = [];
    private readonly Channel<BatchSlot> _free;

    /// <summary>Makes <paramref name="slots"/> slots on the device, all free.</summary>
    public SlotRing(ComputeDevice device, int slots)
    {
        _free = Channel.CreateBounded<BatchSlot>(slots);
        for (var i = 0; i < slots; i++)
        {
            _slots.Add(device.CreateSlot());
            _free.Writer.TryWrite(_slots[i]);
        }
    }

    /// <summary>Where Stage takes the next slot from; empty means wait.</summary>
    public ChannelReader<BatchSlot> Free => _free.Reader;

    /// <summary>Where Explain gives a slot back; never full.</summary>
    public ChannelWriter<BatchSlot> Return => _free.Writer;

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots) slot.Dispose();
    }
}
