namespace BulkImplantScan.Inference;

/// <summary>A device has not answered for so long that it is taken for lost.</summary>
public sealed class DeviceLostException(TimeSpan waited)
    : Exception($"the device did not finish a batch within {waited.TotalSeconds:0} s");
