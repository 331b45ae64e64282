namespace BulkImplantScan.Phantoms;

/// <summary>Pairs of films that differ in one thing, so that an answer that changes shows what it hung on.</summary>
/// <remarks>Everything else is the same draw: body, pose, exposure, device and its place, grain of the noise (but for
/// <see cref="Factor.Pitch"/>, where pixels are others).</remarks>
public static class Counterfactual
{
    private const int CoarsestLongSide = 64;

    private const int Places = 8, PlacesOn = 3; // of eight round the film: neither the mirror image nor a neighbour of where it was

    /// <summary>Plans of both films.</summary>
    /// <param name="plan">A film. Where the factor needs something to be there (a marker to be removed), <c>Before</c> has it.</param>
    /// <param name="factor">What is changed.</param>
    /// <returns>Before and after. <see cref="Factor.DeviceSwapped"/> and <see cref="Factor.DeviceErased"/> change the truth, all others do not.</returns>
    /// <exception cref="ArgumentException">The film has no device of the catalogue to be swapped.</exception>
    public static (FilmPlan Before, FilmPlan After) Plans(FilmPlan plan, Factor factor)
    {
        var drawn = plan.Nuisances;
        return factor switch
        {
            Factor.MarkerSide => Both(drawn with { Marker = true, WrongMarker = false }, drawn with { Marker = true, WrongMarker = true }),
            Factor.MarkerRemoved => Both(drawn with { Marker = true }, drawn with { Marker = false }),
            Factor.MarkerMoved => Both(drawn with { Marker = true, MarkerPlace = Place(0) }, drawn with { Marker = true, MarkerPlace = Place(PlacesOn) }),
            Factor.Collimation => Both(drawn with { CollimatorEdges = 0 }, drawn with { CollimatorEdges = 15 }),
            Factor.Look => Both(drawn, drawn with { LookSeed = Draw.Mix(plan.Seed) }),
            Factor.Pitch => (plan, plan with { LongSidePixels = Math.Max(Phantom.LongSideOf(plan) * 3 / 4, CoarsestLongSide) }),
            Factor.Mirrored => Both(drawn with { Side = 'L' }, drawn with { Side = 'R' }),
            Factor.Age => Both(drawn, drawn with { Age = (drawn.Age ?? Phantom.SubjectOf(plan).Age) > 60 ? 35 : 85 }),
            Factor.DeviceSwapped => Swap(plan),
            Factor.DeviceErased => (plan, plan with { Design = Design.None }),
            Factor.MetalOnly => Both(drawn, drawn with { FlatGround = true }),
            _ => throw new ArgumentOutOfRangeException(nameof(factor)),
        };

        int Place(int further) => (int)((Draw.Mix(plan.Seed) + (ulong)further) % Places);

        (FilmPlan, FilmPlan) Both(Nuisances before, Nuisances after) => (plan with { Nuisances = before }, plan with { Nuisances = after });
    }

    /// <summary>Both films.</summary>
    /// <inheritdoc cref="Plans"/>
    public static (PhantomFilm Before, PhantomFilm After) Render(FilmPlan plan, Factor factor)
    {
        var (before, after) = Plans(plan, factor);
        return (Phantom.Render(before), Phantom.Render(after));
    }

    private static (FilmPlan Before, FilmPlan After) Swap(FilmPlan plan)
    {
        var at = Designs.Known.ToList().IndexOf(plan.Design);
        if (at < 0) throw new ArgumentException($"{plan.Design.Name()} is no device of the catalogue.", nameof(plan));
        var nuisances = plan.Nuisances with { Metal = plan.Nuisances.Metal ?? Phantom.MetalOf(plan) };
        plan = plan with { Nuisances = nuisances };
        return (plan, plan with { Design = Designs.Known[(at + 1) % Designs.Known.Count] });
    }
}
