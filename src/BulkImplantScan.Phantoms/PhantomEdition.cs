namespace BulkImplantScan.Phantoms;

/// <summary>Which generator: what the films of an edition show stays, but for rounding, since models were trained on them.</summary>
public enum PhantomEdition
{
    /// <summary>Easier; what the first demonstration model was trained on.</summary>
    First = 1,

    /// <summary>Adds what docs/phantoms.md lists: failed hardware, bow, tracks of removed devices, conversions, grids and more. The usual one.</summary>
    Second = 2,
}
