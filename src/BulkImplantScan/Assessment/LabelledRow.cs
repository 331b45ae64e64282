using System.Globalization;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Assessment;

/// <summary>What is evaluated of one row of the view <c>films</c>.</summary>
/// <param name="values">In the order of <see cref="Columns"/>.</param>
internal sealed class LabelledRow(object?[] values)
{
    // Columns that groups are told apart by, and what they are called.
    private static readonly (string Name, string Column)[] Told =
    [
        ("site", "site"), ("year", "year"), ("machine", "machine"), ("view", "view"), ("sex", "sex"), ("age band", "age_band"), ("region", "kind"),
        ("kV", "kv_band"), ("mAs", "mas_band"),
    ];

    private static readonly string[] Names =
    [
        "film_index", "film_key", "duplicate_of", "status", "reason", "top_class", "probabilities", "conformal_set", "energy", "feature_distance", "patient", "side",
        "site", "year(study_date)::INTEGER AS year", "nullif(concat_ws(' ', machine_maker, machine_model), '') AS machine", "view", "sex", "age_band", "kv_band", "mas_band",
        "CASE WHEN region = 'whole' THEN 'whole film' ELSE 'hip of a pelvis' END AS kind", "region",
        "cam", "cam_height", "cam_width", "cam_peak_y", "cam_peak_x", "rows", "columns", "field_top", "field_left", "field_height", "field_width",
        "list_contains(notes, 'aspect') AS aspect",
    ];

    private static readonly Dictionary<string, int> Position =
        Names.Select((name, position) => (Name: name[(name.LastIndexOf(' ') + 1)..], position)).ToDictionary(column => column.Name, column => column.position, StringComparer.Ordinal);

    /// <summary>What SELECT asks for.</summary>
    public static string Columns { get; } = string.Join(", ", Names.Select(name => name.Contains(' ', StringComparison.Ordinal) ? name : $"\"{name}\""));

    /// <summary>Place in the inventory.</summary>
    public long FilmIndex => (long)this["film_index"]!;

    /// <summary>Of the film.</summary>
    public string FilmKey => (string)this["film_key"]!;

    /// <summary>Key of the film that this one is a copy of; null: of none.</summary>
    public string? Original => this["duplicate_of"] as string;

    /// <summary>As in <see cref="FilmRow.Status"/>.</summary>
    public string Status => (string)this["status"]!;

    /// <summary>As in <see cref="FilmRow.Reason"/>.</summary>
    public string? Reason => (string?)this["reason"];

    /// <summary>The network saw it.</summary>
    public bool IsJudged => Status is not ("rejected" or "failed");

    /// <summary>Id of the class of the largest probability.</summary>
    public string? TopClass => this["top_class"] as string;

    /// <summary>Of the classes; empty where there are none.</summary>
    public double[] Probabilities => this["probabilities"] is IEnumerable<float> p ? [.. p.Select(value => (double)value)] : [];

    /// <summary>Ids.</summary>
    public IEnumerable<string> ConformalSet => this["conformal_set"] as IEnumerable<string> ?? [];

    /// <summary>Finite or null.</summary>
    public float? Energy => Finite("energy");

    /// <summary>Finite or null.</summary>
    public float? FeatureDistance => Finite("feature_distance");

    /// <summary>Pseudonym.</summary>
    public string? Patient => (string?)this["patient"];

    /// <summary>Of the header: <c>L</c>, <c>R</c> or <c>B</c>.</summary>
    public string? Side => this["side"] as string;

    /// <summary>Patient's side of the hip of a pelvis that the row is of; null: it is of a film.</summary>
    public string? Hip => (string)this["region"]! switch { FilmRegion.Left => "L", FilmRegion.Right => "R", _ => null };

    /// <summary>What groups are told apart by, with its value.</summary>
    /// <param name="byRegion">Hips of pelves are told from whole films.</param>
    public (string Name, string? Value)[] Facts(bool byRegion) =>
        [.. Told.Select(fact => (fact.Name, fact.Column == "kind" && !byRegion || Convert.ToString(this[fact.Column], CultureInfo.InvariantCulture) is not { Length: > 0 } text ? null : text))];

    /// <summary>Its map; null where there is none that is whole.</summary>
    public FilmCam? Cam()
    {
        if (this["cam"] is not byte[] cells || this["cam_height"] is not int height || this["cam_width"] is not int width || cells.Length == 0 || cells.Length != height * width) return null;
        if (Finite("cam_peak_y") is not { } y || Finite("cam_peak_x") is not { } x || this["rows"] is not int rows || this["columns"] is not int columns) return null;
        var field = this["field_top"] is int top && this["field_left"] is int left && this["field_height"] is int tall && this["field_width"] is int wide
            ? new FieldOfView(top, left, tall, wide)
            : new(0, 0, rows, columns);
        return field.FitsIn(rows, columns) ? new(cells, height, width, y, x, rows, columns, field, Hip is not null, this["aspect"] is not true) : null;
    }

    private object? this[string column] => values[Position[column]];

    private float? Finite(string column) => this[column] is float value && float.IsFinite(value) ? value : null;
}
