namespace BulkImplantScan.Assessment;

/// <summary>A truth file that cannot be used: says the line, what is wrong and what to do; holds no value of a patient.</summary>
public sealed class TruthException(string message, Exception? inner = null) : Exception(message, inner);
