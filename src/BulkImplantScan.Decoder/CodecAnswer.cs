namespace BulkImplantScan.Decoder;

/// <summary>What a codec says of one frame.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Precision">Bits of a sample as the stream has it, right-aligned in its cell; 0 when not decoded.</param>
/// <param name="Offset">Byte of the stream at which reading stopped, as near as the library tells.</param>
/// <param name="Detail">What is wrong, in words of ours or of the library; never anything out of the stream but numbers.</param>
internal readonly record struct CodecAnswer(CodecStatus Status, int Precision, int Offset, string? Detail)
{
    public static CodecAnswer Decoded(int precision) => new(CodecStatus.Decoded, precision, 0, null);

    public static CodecAnswer Corrupt(string detail, int offset = 0) => new(CodecStatus.Corrupt, 0, offset, detail);

    public static CodecAnswer Failed(CodecStatus status, string? detail = null, int offset = 0) => new(status, 0, offset, detail);
}
