using System.Globalization;

namespace BulkImplantScan.Dicom;

/// <summary>Number of a data element (PS3.5 §7.1).</summary>
/// <param name="Group">First half; odd groups are private.</param>
/// <param name="Element">Second half.</param>
public readonly record struct DicomTag(ushort Group, ushort Element)
{
    /// <summary>Both halves as one number, in the order of the standard.</summary>
    public uint Value => (uint)Group << 16 | Element;

    /// <summary><c>(0028,0010)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Group:X4},{Element:X4})");
}
