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
/// <param name="Syntaxes">The transfer syntaxes whose frames it decodes.</param>
internal sealed record PixelCodec(string Name, DecodeFrame Decode, int MaxExpansion, params IReadOnlyList<string> Syntaxes)
{
    /// <summary>Signed samples come as the unsigned numbers of the codestream: <see cref="DecodeOutcome.LacksSign"/>.</summary>
    public bool LacksSign { get; init; }

    /// <summary>Samples may differ from those that were encoded, and overshoot what Bits Stored allows. Null: as the transfer syntax says. Ask the
    /// codec that fits the stream (<see cref="Fitting"/>), as headers name the wrong process.</summary>
    public bool? IsLossy { get; init; } = false;

    // A run: 128 bytes of two.
    private static readonly PixelCodec Rle = new("rle", RleCodec.Decode, 64, TransferSyntaxes.Rle);

    // A bit a sample of two bytes.
    private static readonly PixelCodec JpegLossless = new(
        "jpeg-lossless", JpegLosslessCodec.Decode, 16, TransferSyntaxes.JpegLossless, TransferSyntaxes.JpegLosslessSv1);

    // A block of 64 samples of two bytes: one bit of a progressive picture's first scan, whose other scans may run over all blocks.
    private static readonly PixelCodec Jpeg = new(
        "jpeg", JpegCodec.Decode, 1024, TransferSyntaxes.JpegBaseline, TransferSyntaxes.JpegExtended,
        TransferSyntaxes.JpegSpectralSelection, TransferSyntaxes.JpegFullProgression) { IsLossy = true };

    // A row of one value is a bit for each 2^15 pixels, after some longer ones.
    private static readonly PixelCodec JpegLs = new(
        "jpeg-ls", JpegLsCodec.Decode, 1 << 18, TransferSyntaxes.JpegLsLossless, TransferSyntaxes.JpegLsNearLossless)
    {
        LacksSign = true,
        IsLossy = null,
    };

    // Eight cells of one bit a byte, here and below.
    private static readonly PixelCodec Uncompressed = new(
        "uncompressed", UncompressedCodec.Decode, 8, TransferSyntaxes.EncapsulatedUncompressed);

    // 1032:1 is what deflate can do (a match of 258 bytes in two bits).
    private static readonly PixelCodec Deflated = new(
        "deflated", DeflatedFrameCodec.Decode, 8 * 1032, TransferSyntaxes.DeflatedImageFrame);

    /// <summary>Every codec, one entry each.</summary>
    public static IReadOnlyList<PixelCodec> All { get; } = [Rle, JpegLossless, Jpeg, JpegLs, Uncompressed, Deflated];

    private static readonly Dictionary<string, PixelCodec> BySyntax =
        All.SelectMany(codec => codec.Syntaxes, (codec, syntax) => (codec, syntax)).ToDictionary(pair => pair.syntax, pair => pair.codec);

    /// <summary>The codec of a compressed transfer syntax; null when there is none here.</summary>
    public static PixelCodec? For(string transferSyntax) => BySyntax.GetValueOrDefault(transferSyntax);

    /// <summary>The codec of the same family that fits the stream: a wrong transfer syntax in the header is common.</summary>
    public PixelCodec Fitting(ReadOnlySpan<byte> frame)
    {
        if (this != Jpeg && this != JpegLossless && this != JpegLs) return this;
        return JpegOutline.FrameMarker(frame) switch
        {
            0xC0 or 0xC1 or 0xC2 => Jpeg,
            0xC3 => JpegLossless,
            0xF7 => JpegLs,
            _ => this,
        };
    }
}
