using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;

namespace BulkImplantScan.Dicom;

/// <summary>Specific Character Set (0008,0005): how the bytes of text are characters (PS3.5 §6.1, PS3.3 C.12.1.1.2).</summary>
/// <remarks>Never throws: what is no character becomes U+FFFD. Where a file says nothing, or what its bytes contradict, they are
/// read as what they can only be: UTF-8 that is declared as Latin-1, Shift JIS as JIS X 0201, Korean without its escape
/// sequence. docs/dicom.md has the table. Instances are shared: there are few, whatever files say.</remarks>
public sealed class SpecificCharacterSet
{
    private const int MaxTerms = 16;
    private const int Utf8Term = 192, GbTerm = 18030, GbkTerm = 936;

    private static readonly ConcurrentDictionary<(int First, int Second), SpecificCharacterSet> Known = new();
    private static readonly Lazy<Encoding> ShiftJis = new(() => CodeElement.CodePage(932));

    private readonly bool _isUtf8;
    private readonly Encoding? _gb;
    private readonly CodeElement? _g1;
    private readonly CodeElement? _unescaped;

    private SpecificCharacterSet(int first, int second)
    {
        _isUtf8 = first == Utf8Term;
        _gb = first switch { GbTerm => CodeElement.CodePage(54936), GbkTerm => CodeElement.CodePage(936), _ => null };
        _g1 = G1Of(first);
        _unescaped = _g1 is null ? G1Of(second) : null;
    }

    /// <summary>What holds where a data set has no Specific Character Set: ISO-IR 6, plain ASCII.</summary>
    public static SpecificCharacterSet Default { get; } = Of(6, 6);

    /// <summary>The sets that a value names. Terms that are misspelt (<c>ISO-IR 100</c>) are understood, unknown ones are as if
    /// absent; the terms after the first may be designated by escape sequences, which are obeyed whether announced or not.</summary>
    /// <param name="value">The element's bytes, values separated by backslash; empty when absent.</param>
    public static SpecificCharacterSet Parse(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return Default;
        var (first, second) = (6, 6);
        var terms = 0;
        foreach (var range in value.Split((byte)'\\'))
        {
            var term = TermOf(value[range]);
            if (terms == 0) first = term;
            else if (term is 149 or 58) second = term;
            if (++terms == MaxTerms) break;
        }

        return Of(first, second);
    }

    /// <summary>The text of one value.</summary>
    /// <param name="text">Its bytes, without padding.</param>
    public string Decode(ReadOnlySpan<byte> text)
    {
        var isEscaped = text.Contains(EscapeSequences.Escape);
        if (!isEscaped && Ascii.IsValid(text)) return Encoding.ASCII.GetString(text);
        if (_isUtf8) return DecodeUtf8(text);
        var g1 = _g1;
        if (!isEscaped)
        {
            if (_unescaped is not null && IsPairs(text)) g1 = _unescaped;
            else if (IsUtf8InDisguise(text)) return Encoding.UTF8.GetString(text);
            else if (_g1 == CodeElement.Katakana && IsShiftJis(text, out var japanese)) return japanese;
        }

        return _gb?.GetString(text) ?? DecodeIso2022(text, g1);
    }

    /// <summary>Where the first value ends: at the first backslash that is not half of a character.</summary>
    /// <returns>Index of the backslash, or the length of <paramref name="text"/>.</returns>
    internal int EndOfValue(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\\');
        if (end < 0) return text.Length;
        var mayHide = _gb is not null || _g1 == CodeElement.Katakana || text[..end].Contains(EscapeSequences.Escape);
        if (_isUtf8 || !mayHide) return end;

        var isDouble = false;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value == EscapeSequences.Escape && _gb is null)
            {
                i += EscapeSequences.Read(text[i..], out var designated) - 1;
                if (designated is { IsG1: false }) isDouble = designated.IsDoubleByte;
            }
            else if (value < 0x20)
            {
                isDouble = false;
            }
            else if (isDouble && IsGraphic(value) && i + 1 < text.Length && IsGraphic(text[i + 1]))
            {
                i++;
            }
            else if (value == '\\')
            {
                return i;
            }
            else if (i + 1 < text.Length && text[i + 1] >= 0x30 && (_gb is not null ? value >= 0x81 : IsShiftJisLead(value) && _g1 == CodeElement.Katakana))
            {
                i++;
            }
        }

        return text.Length;
    }

    private static SpecificCharacterSet Of(int first, int second) =>
        Known.GetOrAdd((first, second), static terms => new(terms.First, terms.Second));

    /// <summary>Number of the term in the registry of ISO (100 for <c>ISO_IR 100</c> and <c>ISO 2022 IR 100</c>); 6 when unknown.</summary>
    private static int TermOf(ReadOnlySpan<byte> term)
    {
        Span<char> letters = stackalloc char[16];
        var count = 0;
        foreach (var value in term)
        {
            var letter = char.ToUpperInvariant((char)value);
            if (!char.IsAsciiLetterOrDigit(letter)) continue;
            if (count == letters.Length) return 6;
            letters[count++] = letter;
        }

        ReadOnlySpan<char> name = letters[..count];
        if (name is "GB18030") return GbTerm;
        if (name is "GBK" or "ISO2022GBK") return GbkTerm;
        if (name is "UTF8") return Utf8Term;
        if (name.StartsWith("ISO2022")) name = name[7..];
        else if (name.StartsWith("ISO")) name = name[3..];
        if (name.StartsWith("IR")) name = name[2..];
        return int.TryParse(name, out var number) && (number is 6 or 13 or 58 or 87 or 149 or 159 or Utf8Term || G1Of(number) is not null) ? number : 6;
    }

    private static CodeElement? G1Of(int term) => term switch
    {
        13 => CodeElement.Katakana,
        58 => CodeElement.Gb2312,
        100 => CodeElement.Latin1,
        101 => CodeElement.Latin2,
        109 => CodeElement.Latin3,
        110 => CodeElement.Latin4,
        126 => CodeElement.Greek,
        127 => CodeElement.Arabic,
        138 => CodeElement.Hebrew,
        144 => CodeElement.Cyrillic,
        148 => CodeElement.Latin5,
        149 => CodeElement.KsX1001,
        166 => CodeElement.Thai,
        203 => CodeElement.Latin9,
        _ => null,
    };

    private static string DecodeUtf8(ReadOnlySpan<byte> text)
    {
        // A writer that cuts at 64 bytes cuts through a character: that one is lost, not all.
        for (var cut = 0; cut < 4 && cut < text.Length; cut++)
        {
            if (Utf8.IsValid(text[..^cut])) return Encoding.UTF8.GetString(text[..^cut]);
            if (text[^(cut + 1)] < 0x80) break;
        }

        return Encoding.Latin1.GetString(text);
    }

    /// <summary>Valid UTF-8 that cannot be meant otherwise: in Latin-1 such bytes are no words of any language; in other sets they
    /// may be (<c>ÓŻ</c> of Latin-2), unless bytes 80 to 9F are among them, which those sets leave to control characters and
    /// GB 2312 does not have.</summary>
    private bool IsUtf8InDisguise(ReadOnlySpan<byte> text) => Utf8.IsValid(text) &&
        ((_gb is null && (_g1 is null || _g1 == CodeElement.Latin1 || _g1 == CodeElement.Latin9)) || text.ContainsAnyInRange((byte)0x80, (byte)0x9F));

    private static bool IsShiftJis(ReadOnlySpan<byte> text, out string decoded)
    {
        decoded = "";
        var isBeyond = false;
        foreach (var value in text) isBeyond |= IsShiftJisLead(value);
        if (isBeyond) decoded = ShiftJis.Value.GetString(text);
        return isBeyond && !decoded.Contains(CodeElement.Unreadable);
    }

    private static bool IsShiftJisLead(byte value) => value is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC);

    /// <summary>All bytes above 7F come in pairs, as two-byte sets have them.</summary>
    private static bool IsPairs(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80) continue;
            if (text[i] is < 0xA1 or 0xFF || ++i == text.Length || text[i] is < 0xA1 or 0xFF) return false;
        }

        return true;
    }

    private static bool IsGraphic(byte value) => value is >= 0x21 and <= 0x7E;

    private static string DecodeIso2022(ReadOnlySpan<byte> text, CodeElement? initialG1)
    {
        var characters = new char[text.Length]; // a character has at least one byte
        var count = 0;
        var (g0, g1) = (CodeElement.Ascii, initialG1);
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value == EscapeSequences.Escape)
            {
                i += EscapeSequences.Read(text[i..], out var designated) - 1;
                if (designated is { IsG1: true }) g1 = designated;
                else if (designated is not null) g0 = designated;
                continue;
            }

            var next = i + 1 < text.Length ? text[i + 1] : (byte)0;
            char character;
            if (value < 0x20)
            {
                (g0, g1) = (CodeElement.Ascii, initialG1); // PS3.5 §6.1.2.5.3: control characters end what was designated
                character = (char)value;
            }
            else if (value < 0x80 && g0.IsDoubleByte && IsGraphic(value) && IsGraphic(next))
            {
                character = g0.Of(value, next);
                i++;
            }
            else if (value < 0xA0 || g1 is null)
            {
                character = (char)value;
            }
            else if (!g1.IsDoubleByte)
            {
                character = g1.Of(value);
            }
            else if (next >= 0xA1)
            {
                character = g1.Of(value, next);
                i++;
            }
            else
            {
                character = CodeElement.Unreadable;
            }

            characters[count++] = character;
        }

        return new(characters, 0, count);
    }
}
