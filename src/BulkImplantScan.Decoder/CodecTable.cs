namespace BulkImplantScan.Decoder;

/// <summary>From the format to the library that reads it.</summary>
internal static class CodecTable
{
    /// <summary>Decodes one frame. Safe for many threads at once.</summary>
    /// <param name="format">What <paramref name="stream"/> is.</param>
    /// <param name="stream">All of the frame's bytes.</param>
    /// <param name="shape">What it must be.</param>
    /// <param name="memoryBytes">What the library may take, where it lets itself be counted (libjxl); a decoder process has this
    /// limit for all of its memory.</param>
    /// <param name="cells">All samples, those of a pixel side by side, little endian, right-aligned; whole only when decoded.</param>
    public static CodecAnswer Decode(
        CodecFormat format, ReadOnlySpan<byte> stream, in FrameShape shape, long memoryBytes, Span<byte> cells)
    {
        try
        {
            return format switch
            {
                CodecFormat.JpegLs => CharLs.Decode(stream, shape, cells),
                CodecFormat.Jpeg2000 => OpenJpeg.Decode(stream, shape, cells),
                CodecFormat.JpegXl => LibJxl.Decode(stream, shape, memoryBytes, cells),
                _ => CodecAnswer.Failed(CodecStatus.NoLibrary),
            };
        }
        catch (OutOfMemoryException)
        {
            return CodecAnswer.Failed(CodecStatus.OutOfMemory); // of malloc, for memory beside the library's own
        }
    }
}
