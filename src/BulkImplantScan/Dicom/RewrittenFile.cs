namespace BulkImplantScan.Dicom;

/// <summary>A file as a <see cref="SecondReader"/> understood it, written anew.</summary>
/// <param name="Bytes">A DICOM file (PS3.10) of the same data set.</param>
/// <param name="IsDecoded">The other reader decoded the pixels: they are uncompressed in <paramref name="Bytes"/>.</param>
/// <param name="TransferSyntax">UID of the transfer syntax that the file had.</param>
public sealed record RewrittenFile(byte[] Bytes, bool IsDecoded, string TransferSyntax);
