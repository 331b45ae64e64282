namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A line on the film where cortex is seen edge-on: joint roof, pelvic brim, intertrochanteric crest.</summary>
/// <param name="Points">Points x, y in turn, mm.</param>
/// <param name="PathMm">Cortical path on the line.</param>
/// <param name="SigmaMm">Half its width.</param>
internal sealed record Ridge(double[] Points, double PathMm, double SigmaMm);
