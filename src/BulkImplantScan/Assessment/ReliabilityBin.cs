namespace BulkImplantScan.Assessment;

/// <summary>Films whose answer's probability lies in (<paramref name="From"/>, <paramref name="To"/>].</summary>
/// <param name="From">Lower end.</param>
/// <param name="To">Upper end.</param>
/// <param name="Films">How many.</param>
/// <param name="Confidence">Their mean probability.</param>
/// <param name="Accuracy">Share that is right.</param>
public sealed record ReliabilityBin(double From, double To, int Films, double Confidence, double Accuracy);
