namespace BulkImplantScan.Phantoms;

/// <summary>A patient of whom something goes with the device (<see cref="Confounding.OfPatient"/>), and who stays the same person: whoever
/// is operated on again gets a device that belongs to the same sex, bulk and site, and to the side and year of that operation.</summary>
internal sealed class TiedPatient
{
    // Three in four devices may not suit; that none of so many does is a sign that none is left.
    private const int Tries = 64;

    private readonly HashSet<string> _tied;
    private readonly Design _first;
    private readonly Draw _draw;

    /// <param name="shares">Of patients, by factor.</param>
    /// <param name="seed">Of the patient's ties alone: nothing else moves where there are none.</param>
    /// <param name="first">What the hip of the first film carries: sex, bulk and site belong to it.</param>
    public TiedPatient(IReadOnlyDictionary<string, double> shares, ulong seed, Design first)
    {
        _tied = [.. Confounding.OfPatient.Where(factor => shares.TryGetValue(factor, out var share) && Confounding.IsTied(factor, share, seed))];
        (_first, _draw) = (first, new(seed, "suited"));
    }

    /// <summary>Bulk that all films of the patient show; null as drawn.</summary>
    public double? Bulk => _tied.Contains("bulk") ? Confounding.BulkOf(_first) : null;

    /// <summary>Whether all films are taken in the patient's own hospital.</summary>
    public bool IsOfOneSite => _tied.Contains("site");

    /// <summary>Side of the first operation.</summary>
    public char Side(char drawn) => _tied.Contains("side") ? Confounding.SideOf(_first) : drawn;

    /// <summary>Sex.</summary>
    public bool IsFemale(bool drawn) => _tied.Contains("sex") ? Confounding.IsFemale(_first) : drawn;

    /// <summary>Hospital.</summary>
    public int Site(int drawn) => IsOfOneSite ? SiteOf(_first) : drawn;

    /// <summary>Day of the first film, counted from the first of January of the archive's first year.</summary>
    public int FirstDay(int drawn)
    {
        if (!_tied.Contains("year")) return drawn;
        DateOnly start = new(Roster.FirstYear, 1, 1), year = new(YearOf(_first), 1, 1);
        return year.DayNumber - start.DayNumber + drawn % (year.AddYears(1).DayNumber - year.DayNumber);
    }

    /// <summary>What another operation puts in: as drawn where it suits, else drawn again until it does.</summary>
    /// <param name="drawn">What was drawn.</param>
    /// <param name="pick">Draws another.</param>
    /// <param name="side">Of this operation.</param>
    /// <param name="year">Of this operation; null where nobody knows when it was.</param>
    /// <returns>Null where nothing suits: the operation is not made.</returns>
    public Design? Suited(Design drawn, Func<Draw, Design> pick, char side, int? year)
    {
        for (var tries = 0; tries < Tries; tries++, drawn = pick(_draw))
            if (Suits(drawn, side, year)) return drawn;
        return null;
    }

    /// <summary>Whether a device belongs to this patient.</summary>
    /// <inheritdoc cref="Suited"/>
    public bool Suits(Design design, char side, int? year) =>
        (!_tied.Contains("side") || Confounding.SideOf(design) == side)
        && (!_tied.Contains("sex") || Confounding.IsFemale(design) == Confounding.IsFemale(_first))
        && (!_tied.Contains("bulk") || Confounding.BulkOf(design).Equals(Confounding.BulkOf(_first)))
        && (!_tied.Contains("site") || SiteOf(design) == SiteOf(_first))
        && (!_tied.Contains("year") || year is null || YearOf(design) == year);

    private static int SiteOf(Design design) => Confounding.LabelOf(design) % Roster.Sites;

    private static int YearOf(Design design) => Roster.FirstYear + Confounding.LabelOf(design);
}
