using System.Globalization;
using BulkImplantScan.Assessment;
using BulkImplantScan.Registry;

namespace BulkImplantScan.Auditing;

/// <summary>A labelled film with what its row says beside the answer.</summary>
/// <param name="Film">Film, truth, patient.</param>
/// <param name="Tags">Values of <see cref="TagNames"/>; null: not known.</param>
/// <param name="Features">Pooled features; empty: none.</param>
internal sealed record AuditedFilm(LabelledFilm Film, string?[] Tags, double[] Features)
{
    private static readonly string[] Names = ["machine_maker", "machine_model", "site", "year", "bits_stored", "photometric", "transfer_syntax", "sex", "age_band", "kv_band", "mas_band"];

    /// <summary>Columns of the rows that could give a device away.</summary>
    public static IReadOnlyList<string> TagNames => Names;

    /// <summary>Of <see cref="TagNames"/>; null: not known.</summary>
    public string? Tag(string name) => Tags[Array.IndexOf(Names, name)];

    /// <summary>Films of the model's classes.</summary>
    public static AuditedFilm[] Read(LabelledRun run, RunDatabase database)
    {
        var films = run.Films.Where(film => film.Truth >= 0).ToDictionary(film => film.FilmKey, StringComparer.Ordinal);
        var found = new List<AuditedFilm>(films.Count);
        using var rows = database.Ask("""
            SELECT film_key, embedding, machine_maker, machine_model, site, year(study_date), bits_stored, photometric, transfer_syntax, sex, age_band, kv_band, mas_band FROM films ORDER BY film_index
            """);
        foreach (var row in rows.Rows())
        {
            if (!films.Remove((string)row[0]!, out var film)) continue;
            found.Add(new(
                film, [.. row.Skip(2).Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null)],
                row[1] is byte[] { Length: > 0 } halves ? Doubles(halves) : []));
        }

        return [.. found];
    }

    /// <summary>The films with features, all of one length.</summary>
    public static AuditedFilm[] WithFeatures(AuditedFilm[] films)
    {
        var length = films.Select(film => film.Features.Length).FirstOrDefault(features => features > 0);
        return Array.FindAll(films, film => film.Features.Length == length && length > 0 && film.Features.All(double.IsFinite));
    }

    /// <summary>Features of <see cref="WithFeatures"/> with mean 0 and deviation 1 (0 where one never changes).</summary>
    public static double[][] Standardised(AuditedFilm[] films)
    {
        var length = films[0].Features.Length;
        var (mean, deviation) = (new double[length], new double[length]);
        for (var f = 0; f < length; f++)
        {
            mean[f] = films.Average(film => film.Features[f]);
            deviation[f] = Math.Sqrt(films.Average(film => (film.Features[f] - mean[f]) * (film.Features[f] - mean[f])));
        }

        return Array.ConvertAll(films, film => film.Features.Select((value, f) => deviation[f] > 0 ? (value - mean[f]) / deviation[f] : 0).ToArray());
    }

    private static double[] Doubles(byte[] halves)
    {
        var features = new double[halves.Length / 2];
        for (var f = 0; f < features.Length; f++) features[f] = (double)BitConverter.ToHalf(halves, 2 * f);
        return features;
    }
}
