namespace BulkImplantScan.Archive;

/// <summary>Words of <c>triage.json</c>, found in text whatever its spelling (<see cref="WordFold"/>).</summary>
/// <remarks>A word of an alphabet is a whole word of the text, or with <c>isBeginning</c> its beginning. Words of scripts from
/// U+0590 on (Hebrew, Arabic, Thai, East Asian) are found anywhere: those run words together or put articles before them.</remarks>
internal sealed class WordList
{
    private const char FirstRunTogether = '\u0590';

    private readonly Dictionary<string, string> _whole = [];
    private readonly List<(string Folded, string Word)> _beginnings = [];
    private readonly List<(string Folded, string Word)> _anywhere = [];

    /// <param name="words">As the user wrote them.</param>
    /// <param name="isBeginning">Words that begin so count, too.</param>
    public WordList(IEnumerable<string> words, bool isBeginning)
    {
        foreach (var word in words)
        {
            Add(WordFold.Of(word, isSpeltOut: false), word, isBeginning);
            if (WordFold.HasTwoForms(word)) Add(WordFold.Of(word, isSpeltOut: true), word, isBeginning);
        }
    }

    /// <summary>The first word of the list that is in the text, as the list has it; null when none is.</summary>
    public string? Find(string text) =>
        FindFolded(WordFold.Of(text, isSpeltOut: false))
        ?? (WordFold.HasTwoForms(text) ? FindFolded(WordFold.Of(text, isSpeltOut: true)) : null);

    private void Add(string folded, string word, bool isBeginning)
    {
        if (folded.Any(letter => letter >= FirstRunTogether)) _anywhere.Add((folded, word));
        else if (isBeginning) _beginnings.Add((folded, word));
        else _whole.TryAdd(folded, word);
    }

    private string? FindFolded(string text)
    {
        var whole = _whole.GetAlternateLookup<ReadOnlySpan<char>>();
        var hasMore = false;
        for (var from = 0; from < text.Length; from++)
        {
            if (!char.IsLetterOrDigit(text[from])) continue;
            var to = from;
            while (to < text.Length && char.IsLetterOrDigit(text[to])) hasMore |= text[to++] >= FirstRunTogether;
            var word = text.AsSpan(from, to - from);
            if (whole.TryGetValue(word, out var found)) return found;
            foreach (var (beginning, listed) in _beginnings)
                if (word.StartsWith(beginning, StringComparison.Ordinal)) return listed;
            from = to;
        }

        if (!hasMore) return null;
        foreach (var (part, listed) in _anywhere)
            if (text.Contains(part, StringComparison.Ordinal)) return listed;
        return null;
    }
}
