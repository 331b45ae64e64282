namespace BulkImplantScan.Phantoms.Writing;

/// <summary>Transfer syntaxes that phantoms are written in.</summary>
internal enum DxSyntax
{
    ExplicitLittleEndian,
    ImplicitLittleEndian,
    Rle,
    JpegLossless,
}
