namespace BulkImplantScan.Tests.Fuzz;

/// <summary>What an edit can change of the decoded pixels at most; the oracle of "never a wrong row".</summary>
internal enum EditScope
{
    /// <summary>Nothing: the film decodes as before, or fails as before.</summary>
    Harmless,

    /// <summary>Where frames are looked for: each frame is the one it was, or there is a reason.</summary>
    OffsetTable,

    /// <summary>The samples that the changed bytes hold, and no others.</summary>
    NativePixels,

    /// <summary>The frame whose codestream was changed, and no other.</summary>
    Codestream,

    /// <summary>All; what comes out must still be what the naive decoder makes of the same bytes.</summary>
    Anything,
}
