namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Which part of a device a solid belongs to; a bit each, since several may lie behind a pixel.</summary>
internal enum Element : byte
{
    /// <summary>No part of a device.</summary>
    None = 0,

    /// <summary>Screws, bolts and wires that are not the head element.</summary>
    Screw = 1,

    /// <summary>Nail, plate or stem.</summary>
    Shaft = 2,

    /// <summary>What lies in the femoral head and neck: blade, lag screw, cannulated screws, bolt.</summary>
    Head = 4,
}
