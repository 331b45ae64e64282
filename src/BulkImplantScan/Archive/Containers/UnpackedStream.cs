namespace BulkImplantScan.Archive.Containers;

/// <summary>What a decompressor gives, booked on a budget.</summary>
/// <param name="unpacking">The decompressor.</param>
/// <param name="packed">What it reads from; its position tells how much was taken.</param>
/// <param name="budget">Of the container.</param>
internal sealed class UnpackedStream(Stream unpacking, Stream packed, UnpackBudget budget) : ReadOnlyStream
{
    private long _packedBooked;

    public override int Read(Span<byte> buffer)
    {
        var read = unpacking.Read(buffer);
        var taken = packed.Position;
        budget.Spend(read, Math.Max(0, taken - _packedBooked)); // a decompressor may give back what it took too much
        _packedBooked = Math.Max(taken, _packedBooked);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacking.Dispose();
        base.Dispose(disposing);
    }
}
