namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Which part of a device a solid belongs to; the value of its pixels in a mask.</summary>
public enum Element : byte
{
    /// <summary>No metal.</summary>
    None = 0,

    /// <summary>Screws, bolts and wires that are not the head element.</summary>
    Screw = 85,

    /// <summary>Nail, plate or stem.</summary>
    Shaft = 170,

    /// <summary>What lies in the femoral head and neck: blade, lag screw, cannulated screws, bolt.</summary>
    Head = 255,
}
