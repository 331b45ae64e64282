namespace BulkImplantScan.Dicom;

/// <summary>Where one data element lies in the bytes that were parsed.</summary>
/// <param name="Tag">Its number.</param>
/// <param name="Vr">The two letters of its value representation, first in the high byte; 0 when the file does not say.</param>
/// <param name="Offset">First byte of the value.</param>
/// <param name="Length">Bytes of the value; −1 when undefined (items up to a delimiter).</param>
public readonly record struct DicomElement(DicomTag Tag, ushort Vr, int Offset, long Length)
{
    /// <summary>The value ends at a delimiter, not at a length.</summary>
    public bool IsUndefinedLength => Length < 0;
}
