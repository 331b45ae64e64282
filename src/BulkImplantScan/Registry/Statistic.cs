namespace BulkImplantScan.Registry;

/// <summary>One table that a registry can publish.</summary>
/// <param name="Name">Name of its files: <c>csv/NAME.csv</c>, <c>parquet/NAME.parquet</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Unit">What is counted, and out of what: a reader must not have to guess.</param>
/// <param name="Sql">One SELECT over the views of <see cref="RunDatabase"/>, in a full order, so that it is the same every time.</param>
public sealed record Statistic(string Name, string Title, string Unit, string Sql);
