namespace BulkImplantScan.Phantoms;

/// <summary>What a device is made of; drawn at random for every design, so that density is no shortcut.</summary>
public enum Metal
{
    /// <summary>No device.</summary>
    None,

    /// <summary>Ti-6Al-4V, 4.43 g/cm³.</summary>
    Titanium,

    /// <summary>316L, 7.99 g/cm³.</summary>
    Steel,

    /// <summary>Cobalt-chromium of arthroplasties: 316L times 1.05.</summary>
    CobaltChrome,
}
