namespace BulkImplantScan.Dicom;

/// <summary>The escape sequences of PS3.3 tables C.12-3 and C.12-4.</summary>
internal static class EscapeSequences
{
    /// <summary>The byte that begins one.</summary>
    public const byte Escape = 0x1B;

    private const int MaxIntermediates = 3;

    /// <summary>Reads the sequence that <paramref name="text"/> begins with.</summary>
    /// <param name="text">Its first byte is <see cref="Escape"/>.</param>
    /// <param name="designated">The set that is designated; null when the sequence is none of DICOM's.</param>
    /// <returns>Bytes to pass over, ≥ 1: an unknown sequence is passed over whole (ISO/IEC 2022 §13.2: intermediates 20 to 2F,
    /// one final byte 30 to 7E), of what is no sequence the escape alone.</returns>
    public static int Read(ReadOnlySpan<byte> text, out CodeElement? designated)
    {
        designated = null;
        var length = 1;
        while (length < text.Length && length <= MaxIntermediates && text[length] is >= 0x20 and <= 0x2F) length++;
        if (length == text.Length || text[length] is < 0x30 or > 0x7E) return 1;
        var final = (char)text[length];
        var intermediates = text[1..length];
        designated = intermediates switch
        {
            [(byte)'('] => final switch { 'B' or 'J' => CodeElement.Ascii, _ => null },
            [(byte)')'] => final == 'I' ? CodeElement.Katakana : null,
            [(byte)'$'] => final is 'B' or '@' ? CodeElement.JisX0208 : null, // @: the edition of 1978
            [(byte)'$', (byte)'('] => final switch { 'D' => CodeElement.JisX0212, 'B' => CodeElement.JisX0208, _ => null },
            [(byte)'$', (byte)')'] => final switch { 'C' => CodeElement.KsX1001, 'A' => CodeElement.Gb2312, _ => null },
            [(byte)'-'] => final switch
            {
                'A' => CodeElement.Latin1,
                'B' => CodeElement.Latin2,
                'C' => CodeElement.Latin3,
                'D' => CodeElement.Latin4,
                'F' => CodeElement.Greek,
                'G' => CodeElement.Arabic,
                'H' => CodeElement.Hebrew,
                'L' => CodeElement.Cyrillic,
                'M' => CodeElement.Latin5,
                'T' => CodeElement.Thai,
                'b' => CodeElement.Latin9,
                _ => null,
            },
            _ => null,
        };
        return length + 1;
    }
}
