namespace BulkImplantScan.Phantoms;

/// <summary>One hip in the course of a patient's studies.</summary>
/// <param name="Design">Hardware in it.</param>
/// <param name="Operation">Seed of the operation that put it there: the same on all films until the next.</param>
/// <param name="Removed">Hardware that was taken out, when none is left.</param>
internal sealed record Hip(Design Design, ulong Operation, Design Removed);
