namespace BulkImplantScan.Phantoms;

/// <summary>Names and groups of <see cref="Design"/>.</summary>
public static class Designs
{
    /// <summary>The six designs that a model is trained to name.</summary>
    public static IReadOnlyList<Design> Known { get; } =
        [Design.D1, Design.D2, Design.D3, Design.D4, Design.D5, Design.D6];

    /// <summary>Hardware outside the catalogue that the training set shows.</summary>
    public static IReadOnlyList<Design> TrainingUnknown { get; } =
        [Design.CondylarScrew, Design.LockingPlate, Design.Cerclage, Design.Hemiarthroplasty];

    /// <summary>Hardware outside the catalogue that came later: the training set shows it where <see cref="PhantomOptions.Weights"/> asks
    /// for it, since archives of an edition stay as they are.</summary>
    public static IReadOnlyList<Design> TrainingUnknownOnRequest { get; } = [Design.AntegradeNail];

    /// <summary>Hardware outside the catalogue that only the test set shows.</summary>
    public static IReadOnlyList<Design> TestUnknown { get; } =
        [Design.BladePlate, Design.TwoScrewNail, Design.TotalArthroplasty, Design.FlexibleNails];

    /// <summary>Whether a joint was replaced.</summary>
    public static bool IsArthroplasty(this Design design) => design is Design.Hemiarthroplasty or Design.TotalArthroplasty;

    /// <summary>Label as in <c>labels.csv</c>: <c>D1</c> … <c>D6</c>, <c>none</c> or <c>unknown</c>.</summary>
    public static string Label(this Design design) => design switch
    {
        Design.None => "none",
        <= Design.D6 => design.ToString(),
        _ => "unknown",
    };

    /// <summary>Material as in <c>labels.csv</c>: <c>titanium</c>, <c>steel</c>, <c>cobalt_chrome</c>, or nothing.</summary>
    public static string Name(this Metal metal) => metal == Metal.None ? "" : System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(metal.ToString());

    /// <summary>Design as in <c>labels.csv</c>, which tells unknown hardware apart: <c>blade_plate</c>, <c>D4</c>, <c>none</c>.</summary>
    public static string Name(this Design design) => design is >= Design.D1 and <= Design.D6
        ? design.ToString()
        : System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(design.ToString());
}
