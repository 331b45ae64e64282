using System.Buffers;
using System.Text;

namespace BulkImplantScan.Archive;

/// <summary>Text of a header as it may stand in a row: what could be markup, a path or a person's words does not pass.</summary>
internal static class CleanText
{
    private static readonly SearchValues<char> UidCharacters = SearchValues.Create("0123456789.");

    /// <summary>Letters and digits of ASCII, <c>_ - . / + ( )</c> and single blanks, at most <paramref name="length"/> characters.</summary>
    /// <remarks>Latin letters with marks lose them or are spelt out (<c>Hüfte</c> → <c>Huefte</c>): the fact is kept, in letters
    /// that every tool takes.</remarks>
    /// <returns>Null when absent, when longer, or when anything else is in it. Comma, colon, semicolon and ampersand, which
    /// names of companies have, become blanks.</returns>
    public static string? Of(string? text, int length = 64)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 4 * length) return null;
        if (!Ascii.IsValid(text)) text = WordFold.ToAscii(text);
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character) || "_-./+()".Contains(character, StringComparison.Ordinal)) clean.Append(character);
            else if (!" ,:;&".Contains(character, StringComparison.Ordinal)) return null;
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }

        var result = clean.ToString().TrimEnd();
        return result.Length is 0 || result.Length > length ? null : result;
    }

    /// <summary>A code in capitals (modality, view, body part); null as above.</summary>
    public static string? Code(string? text, int length) => Of(text, length)?.ToUpperInvariant();

    /// <summary>A UID: digits and dots, at most 64; else null.</summary>
    public static string? Uid(string? text) =>
        text is { Length: > 0 and <= 64 } && !text.AsSpan().ContainsAnyExcept(UidCharacters) ? text : null;
}
