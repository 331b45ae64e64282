namespace BulkImplantScan.Inference;

/// <summary>One tensor of a <see cref="BoundBatch"/>.</summary>
internal readonly record struct BoundTensor(string Name, bool IsInput, nint Address, long[] Shape);
