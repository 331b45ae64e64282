using BulkImplantScan.Imaging;

namespace BulkImplantScan.Dicom.Codecs;

/// <summary>Decodes one frame.</summary>
/// <param name="frame">The compressed bytes of the frame: its fragments, joined.</param>
/// <param name="description">As the header has it, checked: ≥ 1 row and column, 1 or 3 samples, 1 to 32 bits.</param>
/// <param name="target">All samples, little endian, samples of a pixel interleaved, in cells of
/// <see cref="ImagePixelDescription.BytesPerSample"/> bytes. Sign and unused bits are seen to by the caller.</param>
/// <param name="pool">For memory of the size of a frame.</param>
/// <returns>Success only when every sample was written; never a guess.</returns>
internal delegate CodecResult DecodeFrame(
    ReadOnlySpan<byte> frame, in ImagePixelDescription description, Span<byte> target, PixelBufferPool pool);

/// <summary>The seam between the file format and the codecs: a transfer syntax chooses one of these.</summary>
/// <param name="Name">How rows call it.</param>
/// <param name="Decode">Safe for many threads at once.</param>
/// <param name="MaxExpansion">Decoded bytes that one compressed byte can give at most: a header that promises more is refused
/// before memory is taken for it.</param>
internal sealed record PixelCodec(string Name, DecodeFrame Decode, int MaxExpansion)
{
    /// <summary>Signed samples come as the unsigned numbers of the codestream: <see cref="DecodeOutcome.LacksSign"/>.</summary>
    public bool LacksSign { get; init; }

    // A run: 128 bytes of two.
    private static readonly PixelCodec Rle = new("rle", RleCodec.Decode, 64);

    // A bit a sample of two bytes.
    private static readonly PixelCodec JpegLossless = new("jpeg-lossless", JpegLosslessCodec.Decode, 16);

    // A row of one value is a bit for each 2^15 pixels, after some longer ones.
    private static readonly PixelCodec JpegLs = new("jpeg-ls", JpegLsCodec.Decode, 1 << 18) { LacksSign = true };

    /// <summary>The codec of a compressed transfer syntax; null when there is none here.</summary>
    public static PixelCodec? For(string transferSyntax) => transferSyntax switch
    {
        TransferSyntaxes.Rle => Rle,
        TransferSyntaxes.JpegLossless or TransferSyntaxes.JpegLosslessSv1 => JpegLossless,
        TransferSyntaxes.JpegLs or TransferSyntaxes.JpegLsNear => JpegLs,
        _ => null,
    };
}
