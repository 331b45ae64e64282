namespace BulkImplantScan.Tests.Fuzz;

/// <summary>What is wrong with what came out of one input.</summary>
/// <param name="What">In words.</param>
/// <param name="IsMeasured">Time or memory: what else the machine does is in it, so it counts when it is seen twice. Everything else
/// counts at once: what does not come again is a race, and the worst there is.</param>
internal sealed record FuzzFault(string What, bool IsMeasured = false)
{
    public override string ToString() => What;
}
