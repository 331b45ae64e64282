namespace BulkImplantScan.Training;

/// <summary>The written network does not compute what the trained one does.</summary>
internal sealed class NetworkDiffersException(float difference)
    : Exception($"the written network's logits differ from the trained one's by {difference}; nothing was kept");
