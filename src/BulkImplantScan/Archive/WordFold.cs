using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>One spelling for words that consoles spell in many ways: <c>Hüfte</c>, <c>HÜFTE</c>, <c>HUFTE</c>, <c>ﾎﾈ</c>.</summary>
/// <remarks>Capitals; Latin and Greek letters without their marks; full-width Latin as ASCII, half-width katakana as katakana. By
/// tables of our own, as .NET normalises nothing but ASCII under InvariantGlobalization.</remarks>
internal static class WordFold
{
    // U+00C0 to U+017F, and U+1EA0 to U+1EF9 (Vietnamese), without their marks.
    private const string Latin =
        "AAAAAAACEEEEIIIIDNOOOOO×OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO÷OUUUUYTYAAAAAACCCCCCCCDDDDEEEEEEEEEEGGGG" +
        "GGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLLLLLNNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";
    private const string Vietnamese = "AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEEEEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYY";

    // U+FF66 to U+FF9D.
    private const string HalfWidth = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    private const string Voiceable = "カキクケコサシスセソタチツテトハヒフヘホ";

    /// <summary>The text folded.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="isSpeltOut">Umlauts and ligatures as two letters (<c>HUEFTE</c>), else as one (<c>HUFTE</c>): both are
    /// written, so words match when one of their two forms does.</param>
    public static string Of(string text, bool isSpeltOut)
    {
        var folded = new StringBuilder(text.Length + 4);
        foreach (var letter in text)
        {
            if (letter < 0x80) folded.Append(char.ToUpperInvariant(letter));
            else if (isSpeltOut && SpeltOut(letter) is { } letters) folded.Append(letters);
            else Append(folded, letter);
        }

        return folded.ToString();
    }

    /// <summary>Latin letters as ASCII, spelt out and with their case; all else as it is.</summary>
    public static string ToAscii(string text)
    {
        var ascii = new StringBuilder(text.Length + 4);
        foreach (var letter in text)
        {
            var from = ascii.Length;
            if (letter >= 0x80 && SpeltOut(letter) is { } letters) ascii.Append(letters);
            else if (letter is (>= '\u00C0' and <= '\u017F') or '\u01A0' or '\u01A1' or '\u01AF' or '\u01B0' or (>= '\u0218' and <= '\u021B') or (>= '\u1EA0' and <= '\u1EF9') or (>= '\uFF01' and <= '\uFF5E')) Append(ascii, letter);
            else ascii.Append(letter);
            if (!char.IsLower(letter)) continue;
            for (var i = from; i < ascii.Length; i++) ascii[i] = char.ToLowerInvariant(ascii[i]);
        }

        return ascii.ToString();
    }

    /// <summary>The two forms differ.</summary>
    public static bool HasTwoForms(string text)
    {
        foreach (var letter in text)
            if (letter >= 0x80 && SpeltOut(letter) is not null) return true;
        return false;
    }

    /// <summary>Two letters for one, as its countries write where they lack it; null for all others.</summary>
    private static string? SpeltOut(char letter) => letter switch
    {
        'Ä' or 'ä' or 'Æ' or 'æ' => "AE",
        'Ö' or 'ö' or 'Ø' or 'ø' or 'Œ' or 'œ' => "OE",
        'Ü' or 'ü' => "UE",
        'Å' or 'å' => "AA",
        'ß' => "SS",
        'Þ' or 'þ' => "TH",
        _ => null,
    };

    private static void Append(StringBuilder folded, char letter)
    {
        switch (letter)
        {
            case >= '\u0300' and <= '\u036F': // a mark that follows its letter
                return;
            case >= '\u00C0' and <= '\u017F':
                folded.Append(Latin[letter - 0xC0]);
                return;
            case >= '\u1EA0' and <= '\u1EF9':
                folded.Append(Vietnamese[letter - 0x1EA0]);
                return;
            case >= '\uFF01' and <= '\uFF5E':
                folded.Append(char.ToUpperInvariant((char)(letter - 0xFEE0)));
                return;
            case >= '\uFF66' and <= '\uFF9D':
                folded.Append(HalfWidth[letter - 0xFF66]);
                return;
            case '\uFF9E' when folded.Length > 0 && Voiceable.Contains(folded[^1], StringComparison.Ordinal):
                folded[^1]++; // the voiced letter stands behind the plain one
                return;
            case '\uFF9F' when folded.Length > 0 && "ハヒフヘホ".Contains(folded[^1], StringComparison.Ordinal):
                folded[^1] += (char)2;
                return;
            case '\u3000': // the blank of East Asia
                folded.Append(' ');
                return;
        }

        var capital = char.ToUpperInvariant(letter);
        folded.Append(capital switch
        {
            'Ά' => 'Α',
            'Έ' => 'Ε',
            'Ή' => 'Η',
            'Ί' or 'Ϊ' or 'ΐ' => 'Ι',
            'Ό' => 'Ο',
            'Ύ' or 'Ϋ' or 'ΰ' => 'Υ',
            'Ώ' => 'Ω',
            'Ё' => 'Е',
            'Ơ' => 'O',
            'Ư' => 'U',
            'Ș' => 'S',
            'Ț' => 'T',
            _ => capital,
        });
    }
}
