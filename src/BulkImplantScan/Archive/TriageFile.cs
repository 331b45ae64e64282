using System.Text.Json;
using System.Text.Unicode;

namespace BulkImplantScan.Archive;

/// <summary>Reads <c>triage.json</c> into its lists. What is wrong with it is said with the line, as users write it by hand.</summary>
/// <remarks>Every list must be there: a file that lacks one may mean "none" or "as ever", and a guess could lose films.
/// Comments and trailing commas are allowed.</remarks>
internal static class TriageFile
{
    /// <summary>Version of the layout.</summary>
    public const int Format = 1;

    private const int MaxBytes = 1 << 20;
    private const int MaxEntries = 10_000;
    private const int MaxLetters = 64;

    // Name of the list, and what one of its entries is.
    private static readonly Dictionary<string, (Func<string, bool> IsValid, string What)> Lists = new()
    {
        ["modalities"] = (IsCode, "a modality (CR)"),
        ["sop_classes_without_modality"] = (IsUid, "a UID"),
        ["sop_classes_rejected"] = (IsUid, "a UID"),
        ["sop_classes_for_processing"] = (IsUid, "a UID"),
        ["presentation_intents_rejected"] = (IsCode, "a Presentation Intent Type (FOR PROCESSING)"),
        ["hip_words"] = (IsWord, "one word of letters and digits"),
        ["other_words"] = (IsWord, "one word of letters and digits"),
        ["other_words_in_free_text"] = (IsWord, "one word of letters and digits"),
        ["views_rejected"] = (IsPhrase, "a view, words of letters and digits"),
        ["photometrics_rejected"] = (IsCode, "a Photometric Interpretation (RGB)"),
    };

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="TriageException">It cannot be read or is no triage.</exception>
    public static byte[] Load(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes) throw new TriageException($"{path} is too large for a triage ({length} bytes; at most {MaxBytes}). Name the right file.");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TriageException($"The triage {path} cannot be read ({e.Message.TrimEnd('.')}). Print the default into a file with: ./run.sh triage > {path}", e);
        }
    }

    /// <summary>The lists by name; all of them.</summary>
    /// <param name="json">Bytes of the file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="TriageException">It is no triage.</exception>
    public static Dictionary<string, List<string>> Parse(ReadOnlySpan<byte> json, string path)
    {
        var bom = "\uFEFF"u8;
        if (json.StartsWith(bom)) json = json[bom.Length..];
        if (!Utf8.IsValid(json)) throw new TriageException($"{path} is not UTF-8. Save it as UTF-8.");
        var lists = new Dictionary<string, List<string>>();
        var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 });
        try
        {
            Read(ref reader, json, path, lists);
        }
        catch (JsonException e)
        {
            throw new TriageException($"{path}, line {(e.LineNumber ?? 0) + 1}: this is no JSON ({Reason(e)}). Correct it there or just before.", e);
        }

        foreach (var name in Lists.Keys)
            if (!lists.ContainsKey(name)) throw new TriageException($"{path} lacks \"{name}\". Add it; [] means none.");
        return lists;
    }

    private static void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, Dictionary<string, List<string>> lists)
    {
        var hasFormat = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Fault(reader, json, path, "a triage is an object", "Begin it with {");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var isList = Lists.TryGetValue(name, out var entry);
            if (!isList && name is not ("about" or "format"))
                throw Fault(reader, json, path, $"\"{Shown(name)}\" is no entry of a triage", $"Use {string.Join(", ", Lists.Keys)}");
            if (lists.ContainsKey(name)) throw Fault(reader, json, path, $"\"{name}\" is there twice", "Join the two");

            reader.Read();
            if (isList)
            {
                lists[name] = ReadList(ref reader, json, path, name, entry.IsValid, entry.What);
            }
            else if (name == "format")
            {
                hasFormat = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var format) && format == Format;
                if (!hasFormat) throw Fault(reader, json, path, $"this version knows format {Format}", $"Write \"format\": {Format}");
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                throw Fault(reader, json, path, "\"about\" is text", "Put it in quotes");
            }
        }

        while (reader.Read()) { } // what follows must be nothing, or comments
        if (!hasFormat) throw new TriageException($"{path} lacks \"format\". Add \"format\": {Format}.");
    }

    private static List<string> ReadList(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, string name, Func<string, bool> isValid, string what)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault(reader, json, path, $"\"{name}\" is a list", $"Write \"{name}\": [\"…\", \"…\"]");
        var entries = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) throw Fault(reader, json, path, $"an entry of \"{name}\" is text", "Put it in quotes");
            var text = reader.GetString()!;
            if (!isValid(text)) throw Fault(reader, json, path, $"\"{Shown(text)}\" in \"{name}\" is not {what}", "Correct or remove it");
            if (entries.Count == MaxEntries) throw Fault(reader, json, path, $"\"{name}\" has more than {MaxEntries} entries", "Shorten it");
            entries.Add(text);
        }

        return entries;
    }

    private static TriageException Fault(in Utf8JsonReader reader, ReadOnlySpan<byte> json, string path, string what, string remedy) =>
        new($"{path}, line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}: {what}. {remedy}.");

    // Without the place, which is said in our words.
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }

    private static string Shown(string text) => text.Length <= MaxLetters ? text : text[..MaxLetters] + "…";

    private static bool IsCode(string text) => CleanText.Code(text, 16) == text;

    private static bool IsUid(string text) => CleanText.Uid(text) is not null;

    private static bool IsWord(string text) => IsPhrase(text) && !text.Contains(' ', StringComparison.Ordinal);

    private static bool IsPhrase(string text) =>
        text.Length is > 0 and <= MaxLetters && text.Trim() == text && text.Any(char.IsLetterOrDigit)
        && text.All(letter => letter == ' ' || char.IsLetterOrDigit(letter) || char.IsSurrogate(letter)
            || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);
}
