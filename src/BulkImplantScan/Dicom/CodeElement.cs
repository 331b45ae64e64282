using System.Text;

namespace BulkImplantScan.Dicom;

/// <summary>A set of graphic characters that an escape sequence designates to G0 (bytes 21 to 7E) or G1 (A0 to FF).</summary>
/// <remarks>PS3.3 C.12.1.1.2, tables C.12-2 to C.12-4; the mechanism is ISO/IEC 2022 as PS3.5 §6.1.2.5 narrows it. ISO-IR 14
/// (JIS X 0201 romaji) is read as ASCII: it differs in backslash and tilde only, and what stands there is meant as those.</remarks>
internal sealed class CodeElement
{
    /// <summary>U+FFFD: stands for bytes that are no character of the set.</summary>
    public const char Unreadable = '\uFFFD';

    /// <summary>ISO-IR 6, the default repertoire, in G0.</summary>
    public static readonly CodeElement Ascii = new(isG1: false);

    /// <summary>ISO-IR 13, half-width katakana.</summary>
    public static readonly CodeElement Katakana = Single(932);

    /// <summary>ISO-IR 100.</summary>
    public static readonly CodeElement Latin1 = Single(28591);

    /// <summary>ISO-IR 101.</summary>
    public static readonly CodeElement Latin2 = Single(28592);

    /// <summary>ISO-IR 109.</summary>
    public static readonly CodeElement Latin3 = Single(28593);

    /// <summary>ISO-IR 110.</summary>
    public static readonly CodeElement Latin4 = Single(28594);

    /// <summary>ISO-IR 144.</summary>
    public static readonly CodeElement Cyrillic = Single(28595);

    /// <summary>ISO-IR 127.</summary>
    public static readonly CodeElement Arabic = Single(28596);

    /// <summary>ISO-IR 126 with what ISO 8859-7 has at A1 to AA since 2003.</summary>
    public static readonly CodeElement Greek = Single(28597, (0xA1, "\u2018\u2019\u00A3\u20AC\u20AF\u00A6\u00A7\u00A8\u00A9\u037A"));

    /// <summary>ISO-IR 138 as ISO 8859-8 has it since 1999: macron, and the marks of direction, which .NET's table lacks.</summary>
    public static readonly CodeElement Hebrew = Single(28598, (0xAF, "\u00AF"), (0xFD, "\u200E\u200F"));

    /// <summary>ISO-IR 148.</summary>
    public static readonly CodeElement Latin5 = Single(28599);

    /// <summary>ISO-IR 203.</summary>
    public static readonly CodeElement Latin9 = Single(28605);

    /// <summary>ISO-IR 166, TIS 620-2533.</summary>
    public static readonly CodeElement Thai = Single(874);

    /// <summary>ISO-IR 87, JIS X 0208, two bytes in G0.</summary>
    public static readonly CodeElement JisX0208 = new(isG1: false) { _pairs = CodePage(20932), _first = 0x80, _second = 0x80 };

    /// <summary>ISO-IR 159, JIS X 0212, two bytes in G0.</summary>
    /// <remarks>Code page 20932 tells it from JIS X 0208 by a second byte without its high bit.</remarks>
    public static readonly CodeElement JisX0212 = new(isG1: false) { _pairs = CodePage(20932), _first = 0x80 };

    /// <summary>ISO-IR 149, KS X 1001, two bytes in G1.</summary>
    public static readonly CodeElement KsX1001 = new(isG1: true) { _pairs = CodePage(51949) };

    /// <summary>ISO-IR 58, GB 2312, two bytes in G1.</summary>
    public static readonly CodeElement Gb2312 = new(isG1: true) { _pairs = CodePage(936) };

    private Encoding? _pairs;
    private byte _first, _second;
    private char[] _table = [];

    private CodeElement(bool isG1) => IsG1 = isG1;

    /// <summary>It is designated to G1, else to G0.</summary>
    public bool IsG1 { get; }

    /// <summary>A character is two bytes.</summary>
    public bool IsDoubleByte => _pairs is not null;

    /// <summary>A decoder that marks what it cannot read instead of throwing: text comes from hostile files.</summary>
    /// <remarks>The provider itself, not the process' registry, which belongs to the program that embeds the engine.</remarks>
    public static Encoding CodePage(int number) =>
        CodePagesEncodingProvider.Instance.GetEncoding(number, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)
        ?? Encoding.GetEncoding(number, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);

    /// <summary>The character of one byte, [A0, FF], of a set in G1.</summary>
    public char Of(byte value) => _table[value - 0xA0];

    /// <summary>The character of two bytes; U+FFFD when there is none.</summary>
    public char Of(byte first, byte second)
    {
        Span<char> characters = stackalloc char[2];
        var count = _pairs!.GetChars([(byte)(first | _first), (byte)(second | _second)], characters);
        if (count != 1) return Unreadable;
        if (this == JisX0208 || this == JisX0212) return Japanese(characters[0], first, second);
        return (first, second) == (0xB4, 0xD3) && this == KsX1001 ? '\uB2D2' : characters[0]; // .NET has U+B2D6 there and at B4D7
    }

    /// <summary>Where Microsoft's table differs from those of JIS X 0208:1990 and JIS X 0212:1990.</summary>
    private static char Japanese(char character, byte first, byte second) => character switch
    {
        '\uFF5E' => '\u301C', // wave dash
        '\u2225' => '\u2016',
        '\uFF0D' => '\u2212',
        '\uFFE0' => '\u00A2',
        '\uFFE1' => '\u00A3',
        '\uFFE2' => '\u00AC',
        '\u30FB' => (first, second) switch // also stands for cells that it does not have
        {
            (0x21, 0x26) => character,
            (0x22, 0x37) => '~',
            (0x22, 0x71) => '\u2116',
            _ => Unreadable,
        },
        _ => character,
    };

    private static CodeElement Single(int codePage, params ReadOnlySpan<(int At, string Characters)> newer)
    {
        var table = new char[96];
        var encoding = CodePage(codePage);
        Span<char> character = stackalloc char[2];
        for (var i = 0; i < table.Length; i++)
        {
            var count = encoding.GetChars([(byte)(i + 0xA0)], character);

            // Places without a character come back in the private use area.
            table[i] = count == 1 && character[0] is < '\uE000' or > '\uF8FF' ? character[0] : Unreadable;
        }

        foreach (var (at, text) in newer) text.CopyTo(table.AsSpan(at - 0xA0));
        return new(isG1: true) { _table = table };
    }
}
