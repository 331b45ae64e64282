namespace BulkImplantScan.Training;

/// <summary>Input that cannot be trained on; the message is one sentence for the user.</summary>
internal sealed class TrainingException(string message) : Exception(message);
