namespace BulkImplantScan.Assessment;

/// <summary>What a line of a truth file says of a file.</summary>
/// <param name="Number">Of the line, from 1.</param>
/// <param name="File">Path, <c>/</c> between names.</param>
/// <param name="Frame">Of the file; null: all of them.</param>
/// <param name="Label">A class of a model, <see cref="TruthFile.Unknown"/> or <see cref="TruthFile.Broken"/>.</param>
/// <param name="Patient">As written; empty when not said. Never leaves the process.</param>
/// <param name="Side"><c>L</c>, <c>R</c>, <c>B</c> or null.</param>
/// <param name="Set">Column <c>set</c>, cleaned; null when empty.</param>
/// <param name="Design">Column <c>design</c>, cleaned; null when empty.</param>
/// <param name="Mask">Column <c>mask</c>: path below the folder of the truth, <c>/</c> between names; null when empty.</param>
public sealed record TruthLine(int Number, string File, int? Frame, string Label, string Patient, string? Side, string? Set, string? Design, string? Mask);
