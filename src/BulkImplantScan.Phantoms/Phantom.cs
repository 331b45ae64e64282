using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Devices;
using BulkImplantScan.Phantoms.Films;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms;

/// <summary>Synthetic AP films of hips: nothing here was seen by a machine or belongs to a person.</summary>
public static class Phantom
{
    private const double FlatSoftMm = 180;

    /// <summary>Renders an AP hip film of the first edition; the same arguments give the same pixels.</summary>
    /// <param name="seed">As <see cref="FilmPlan.Seed"/>.</param>
    /// <param name="design">Hardware.</param>
    /// <param name="longSidePixels">As <see cref="FilmPlan.LongSidePixels"/>.</param>
    public static PhantomFilm Render(ulong seed, Design design, int? longSidePixels = null) =>
        Render(new FilmPlan { Seed = seed, Design = design, LongSidePixels = longSidePixels });

    /// <summary>Renders a film.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size, place or machine outside its range.</exception>
    public static PhantomFilm Render(FilmPlan plan)
    {
        Check(plan);
        using var room = new Room();
        var (seed, chosen) = (plan.Seed, plan.Nuisances);
        var subject = SubjectOf(plan);
        subject = subject with
        {
            Side = chosen.Side ?? subject.Side,
            Female = chosen.Female ?? subject.Female,
            Machine = chosen.Machine is { } machine ? Machine.All[machine] : subject.Machine,
        };
        var patient = new Patient(new(subject.Seed, "patient"), subject.Age, subject.Female, chosen);
        var technique = new Technique(new(seed, "technique"), subject.Machine, plan.LongSidePixels, plan.View);
        if (chosen.LookSeed is { } look) technique = technique.ProcessedAs(new(new(look, "technique"), subject.Machine, plan.LongSidePixels, plan.View));
        if (chosen.ExposureSeed is { } exposed) technique = technique.ExposedAs(new(new(exposed, "technique"), subject.Machine, plan.LongSidePixels, plan.View));
        var beam = Aim(plan, patient, technique, subject.Side);
        if (plan.Edition != PhantomEdition.First)
            technique = technique.WithFocus(new Draw(seed, "focus").Pick(0.6, 1.0, 1.2), technique.SourceToDetectorMm / beam.SourceMm);
        double widthMm = technique.Columns * technique.PitchMm, heightMm = technique.Rows * technique.PitchMm;
        var field = new Collimator(seed, widthMm, heightMm, chosen.FlatGround ? 0 : chosen.CollimatorEdges);
        var anatomy = Lay(plan, subject, patient, beam, room);
        var exposure = new Exposure(anatomy, technique, new(technique.KiloVolts), field, room);

        List<PhantomHip> hips = [];
        List<Ratio> ratios = [];
        Implant(plan.Design, subject.Side, plan.OperationSeed ?? seed, beam);
        if (plan.View == View.Pelvis)
            Implant(plan.OtherDesign, subject.Side == 'L' ? 'R' : 'L', plan.OtherOperationSeed ?? Draw.Mix(seed), beam.Across(patient.MidlineX));
        Marker? marker = null;
        if (!chosen.FlatGround)
        {
            var clutter = MetalMap.Cut(Clutter.Build(new(chosen.ClutterSeed ?? seed, "clutter"), patient), beam, room);
            if (exposure.Behind(clutter, Metal.Steel) is { } ratio) ratios.Add(ratio);
            room.Return(clutter.PathMm);
            marker = new(new(seed, "marker"), subject.Side, field, widthMm, heightMm, plan.View, chosen);
            if (exposure.Behind(marker) is { } lead) ratios.Add(lead);
        }

        var development = new Development(technique, new(chosen.LookSeed ?? seed, "look"), exposure.LogSignal, anatomy, field, ratios, room);
        var (described, transform) = development.Describe(new()
        {
            Machine = subject.Machine,
            KiloVolts = technique.KiloVolts,
            MilliAmpereSeconds = technique.MilliAmpereSeconds,
            SourceToDetectorMm = technique.SourceToDetectorMm,
            SourceToPatientMm = beam.SourceMm,
        });
        var isSecond = plan.Edition != PhantomEdition.First && !chosen.FlatGround;
        var stored = development.Develop(seed, ratios, isSecond ? Grid.Draw(new(seed, "grid"), technique) : null);
        var isBurnt = isSecond && Overprint.Add(stored, technique, new(seed, "overprint"));
        return new()
        {
            Stored = stored,
            Rows = technique.Rows,
            Columns = technique.Columns,
            BitsStored = technique.Bits,
            Monochrome1 = technique.Monochrome1,
            Transform = transform,
            View = plan.View,
            Hips = hips,
            Field = field.Bounds(technique.Columns, technique.Rows, technique.PitchMm),
            PitchMm = technique.PitchMm,
            Look = described,
            BurntIn = isBurnt,
            Facts = [.. Facts.Of(plan, subject), .. Facts.Of(patient), .. Facts.Of(technique), .. Facts.Of(beam, technique), .. Facts.Of(field), .. Facts.Of(marker), new("burnt_in_text", isBurnt)],
        };

        void Implant(Design design, char side, ulong operation, ConeBeam from)
        {
            var metal = design == Design.None ? Metal.None : chosen.Metal ?? DrawMetal(operation, design);
            var device = Device.Build(design, patient, operation, plan.Edition);
            var map = MetalMap.Cut(device.Parts, from, room);
            if (exposure.Behind(map, metal) is { } ratio) ratios.Add(ratio);
            hips.Add(new(side, design, metal, new(technique.Columns, technique.Rows, map.Left, map.Top, map.Width, map.ElementsSeen()))
            {
                Measures = device.Measures,
                Failure = device.Failure,
                HeadCentre = (from.HeadColumn, from.HeadRow),
            });
            room.Return(map.PathMm);
        }
    }

    private static void Check(FilmPlan plan)
    {
        if (plan.LongSidePixels is < 64 or > 4000) throw new ArgumentOutOfRangeException(nameof(plan), "LongSidePixels: 64 to 4000");
        var chosen = plan.Nuisances;
        if (chosen.Machine is < 0 || chosen.Machine >= Machine.All.Count) throw new ArgumentOutOfRangeException(nameof(plan), $"Machine: 0 to {Machine.All.Count - 1}");
        if (chosen.MarkerPlace is < 0 or > 7) throw new ArgumentOutOfRangeException(nameof(plan), "MarkerPlace: 0 to 7");
        if (chosen.CollimatorEdges is < 0 or > 15) throw new ArgumentOutOfRangeException(nameof(plan), "CollimatorEdges: 0 to 15");
        if (chosen.Side is not (null or 'L' or 'R')) throw new ArgumentOutOfRangeException(nameof(plan), "Side: L or R");
        if (chosen.Age is < 18 or > 110) throw new ArgumentOutOfRangeException(nameof(plan), "Age: 18 to 110");
        if (chosen.Bulk is not (null or >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(plan), "Bulk: 0 to 1");
        if (chosen.RotationDegrees is not (null or >= -22 and <= 22)) throw new ArgumentOutOfRangeException(nameof(plan), "RotationDegrees: -22 to 22");
        if (chosen.Magnification is not (null or >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(plan), "Magnification: 0 to 1");
    }

    private static AnatomyMap Lay(FilmPlan plan, Subject subject, Patient patient, ConeBeam beam, Room room)
    {
        var cell = Math.Clamp((int)Math.Round(0.5 / beam.PitchMm), 1, 8);
        if (plan.Nuisances.FlatGround) return AnatomyMap.Flat(FlatSoftMm, beam, cell, room);
        // Another age changes the bones, not where the device lies in them.
        var aged = plan.Nuisances.Age is { } age ? new Patient(new(subject.Seed, "patient"), age, subject.Female, plan.Nuisances) : patient;
        (Fracture, Draw)? fracture = plan.Nuisances.Fracture is { } where ? (where, new(subject.Seed, "fracture")) : null;
        var skeleton = new Skeleton(aged, new(subject.Seed, "skeleton"), plan.Edition, fracture);
        var otherInjuries = plan.View == View.Pelvis ? Skeleton.MakeInjuries(aged, new(subject.Seed, "other hip")) : null;
        var tracks = plan.Edition == PhantomEdition.First || plan.Design != Design.None || plan.Removed == Design.None
            ? []
            : Tracks.Of(Device.Build(plan.Removed, patient, plan.OperationSeed ?? plan.Seed, plan.Edition));
        var detail = plan.Edition == PhantomEdition.First ? null : new Detail(aged, new(subject.Seed, "detail"));
        return AnatomyMap.Lay(aged, skeleton, otherInjuries, detail, tracks, beam, cell, plan.Seed, room);
    }

    /// <summary>Who is on the film.</summary>
    internal static Subject SubjectOf(FilmPlan plan) => plan.Subject ?? Subject.Draw(new Draw(plan.Seed, "person"));

    /// <summary>Material of the device of the first hip.</summary>
    internal static Metal MetalOf(FilmPlan plan) => DrawMetal(plan.OperationSeed ?? plan.Seed, plan.Design);

    /// <summary>Long side of the film in pixels.</summary>
    internal static int LongSideOf(FilmPlan plan)
    {
        var technique = new Technique(new(plan.Seed, "technique"), SubjectOf(plan).Machine, plan.LongSidePixels, plan.View);
        return Math.Max(technique.Columns, technique.Rows);
    }

    private static Metal DrawMetal(ulong operation, Design design)
    {
        var draw = new Draw(operation, "metal");
        return design switch
        {
            Design.D3 or Design.D4 or Design.D5 or Design.D6 or Design.TwoScrewNail or Design.AntegradeNail => draw.Chance(0.7) ? Metal.Titanium : Metal.Steel,
            Design.Hemiarthroplasty or Design.TotalArthroplasty => draw.Pick(Metal.Titanium, Metal.CobaltChrome, Metal.CobaltChrome),
            _ => draw.Pick(Metal.Titanium, Metal.Steel),
        };
    }

    private static ConeBeam Aim(FilmPlan plan, Patient patient, Technique technique, char side)
    {
        var draw = new Draw(plan.Seed, "pose");
        // The first edition has 1.07 to 1.18 as drawn; a pelvis magnified by more would not be on the film.
        const double least = 1.1;
        var greatest = plan.View == View.Pelvis ? 1.18 : 1.3;
        var source = (plan.Nuisances.Magnification, plan.Edition) switch
        {
            ({ } share, _) => technique.SourceToDetectorMm / double.Lerp(least, greatest, share),
            (null, PhantomEdition.First) => technique.SourceToDetectorMm - patient.HipDepth,
            _ => technique.SourceToDetectorMm / new Draw(plan.Seed, "magnification").Uniform(least, greatest),
        };
        var magnification = technique.SourceToDetectorMm / source;
        var pitch = technique.PitchMm / magnification;
        double width = technique.Columns * pitch, height = technique.Rows * pitch;
        var mirror = side == 'L' ? 1 : -1; // a left hip has its outer side to the right of the film
        // The head above and a little inside the middle of the film, so that the device is on it.
        double headX = -mirror * width * draw.Uniform(-0.02, 0.12), headY = -height * draw.Uniform(0.08, 0.26);
        if (plan.View == View.Pelvis) (headX, headY) = (-mirror * patient.MidlineX + draw.Normal(0, 6), height * draw.Uniform(-0.08, 0.06));
        return new()
        {
            Columns = technique.Columns,
            Rows = technique.Rows,
            PitchMm = pitch,
            HeadColumn = technique.Columns / 2.0 + headX / pitch,
            HeadRow = technique.Rows / 2.0 + headY / pitch,
            SourceMm = source,
            Source = new(-headX + draw.Normal(0, 12), -headY + draw.Normal(0, 12)),
            Mirror = mirror,
            Turn = draw.Normal(0, 0.05),
        };
    }
}
