using System.Globalization;
using System.Text;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>An input as text: a seed's name and what was done to it, so that it can be made again without the mutator.</summary>
/// <remarks><code>
/// film own/rle-16                    film or header, and the seed
/// @1204 -4 +0a0b0c0d                 at byte 1204 four bytes go and four come
/// @90 -0 =shared/mr_rle.dcm 100 20   twenty bytes of another seed come, from its byte 100
/// </code>Lines that begin with # say why.</remarks>
internal static class FuzzRecipe
{
    public static string Write(FuzzSeed seed, bool isFilm, List<Edit> edits, string why)
    {
        var text = new StringBuilder();
        foreach (var line in why.Split('\n')) text.Append("# ").Append(line.TrimEnd()).Append('\n');
        text.Append(isFilm ? "film " : "header ").Append(seed.Name).Append('\n');
        foreach (var edit in edits)
        {
            text.Append(CultureInfo.InvariantCulture, $"@{edit.At} -{edit.Removed} ");
            if (edit.Origin is { } origin) text.Append(CultureInfo.InvariantCulture, $"={origin.Name} {edit.OriginAt} {edit.Inserted.Length}\n");
            else text.Append('+').Append(Convert.ToHexStringLower(edit.Inserted.Span)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads a recipe.</summary>
    /// <returns>Null when a seed that it names is not here.</returns>
    public static (FuzzSeed Seed, bool IsFilm, List<Edit> Edits)? Read(string text, FuzzSeeds seeds)
    {
        FuzzSeed? seed = null;
        var isFilm = false;
        var edits = new List<Edit>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var words = line.Split(' ');
            if (line[0] != '@')
            {
                isFilm = words[0] == "film";
                seed = seeds.Find(words[1], isFilm);
                if (seed is null) return null;
                continue;
            }

            int at = Number(words[0][1..]), removed = -Number(words[1]);
            if (words[2][0] == '+')
            {
                edits.Add(new(at, removed, Convert.FromHexString(words[2][1..])));
                continue;
            }

            // Pieces come from headers as the header fuzzer has them, and from the seed itself.
            var origin = words[2][1..] == seed!.Name ? seed : seeds.Find(words[2][1..], isFilm: false);
            if (origin is null) return null;
            edits.Add(new(at, removed, origin.Bytes.AsMemory(Number(words[3]), Number(words[4])), origin, Number(words[3])));
        }

        return (seed!, isFilm, edits);
    }

    /// <summary>The seeds that a recipe names.</summary>
    public static IEnumerable<string> Seeds(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words[0] is "film" or "header") yield return words[1];
            else if (line[0] == '@' && words[2][0] == '=') yield return words[2][1..];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
