using System.Globalization;
using BulkImplantScan.Phantoms.Films;
using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms;

/// <summary>Invents the patients of an archive: studies over years, both sides, sites, machines, and devices that change.</summary>
internal static class Roster
{
    /// <summary>Of the archive.</summary>
    public const int FirstYear = 2014;

    private const int LastYear = 2022;

    private static readonly string[] Institutions = ["Phantom General Hospital", "Phantom University Hospital", "Phantom Trauma Centre"];

    /// <summary>Number of hospitals.</summary>
    public static int Sites => Institutions.Length;

    /// <summary>Films in order of patient and date.</summary>
    public static List<RosterFilm> Plan(PhantomOptions options)
    {
        var films = new List<RosterFilm>(options.Count);
        var ofFilm = options.Confounding.Where(pair => Confounding.OfFilm.Contains(pair.Key)).ToDictionary();
        var unknown = options.Set == PhantomSet.Test ? Designs.TestUnknown : Designs.TrainingUnknown;
        Design Another(Draw draw) => Pick(draw, options);
        for (var number = 0; films.Count < options.Count; number++)
        {
            // The set is part of every seed: no patient is in both.
            var draw = new Draw(Draw.Mix(options.Seed) + (ulong)options.Set, $"patient {number}");
            var id = (options.Set == PhantomSet.Test ? 500_000 : 0) + number + 1;
            int age = (int)Math.Clamp(draw.Normal(70, 14), 22, 96), home = draw.Whole(0, Sites - 1);
            var female = draw.Chance(0.6);
            var firstDay = draw.Whole(0, 365 * 7);
            var bodySeed = draw.Next();
            var side = draw.Pick('L', 'R');
            var design = Pick(draw, options);
            var tied = new TiedPatient(options.Confounding, bodySeed, design);
            (side, female, home, firstDay) = (tied.Side(side), tied.IsFemale(female), tied.Site(home), tied.FirstDay(firstDay));
            // The other hip, and what came with later editions, have numbers of their own.
            var later = new Draw(Draw.Mix(options.Seed) + (ulong)options.Set, $"course {number}");
            var otherSide = side == 'L' ? 'R' : 'L';
            var hips = new Dictionary<char, Hip>
            {
                [side] = new(design, later.Next(), Design.None),
                [otherSide] = new(later.Chance(0.55) ? Design.None : tied.Suited(Pick(later, options), Another, otherSide, null) ?? Design.None, later.Next(), Design.None),
            };
            var what = "first";
            var studies = draw.Pick(1, 1, 1, 2, 2, 3);
            var day = firstDay;
            for (var study = 0; study < studies && films.Count < options.Count; study++)
            {
                if (study > 0)
                {
                    what = "follow_up";
                    day += draw.Whole(20, 500);
                    // A revision, a removal, a first operation, or the other side.
                    var year = new DateOnly(FirstYear, 1, 1).AddDays(day).Year;
                    if (draw.Chance(0.16))
                    {
                        if (tied.Suited(Pick(draw, options), Another, side, year) is { } next) (design, what) = Operate(hips, side, next, later);
                    }
                    else if (draw.Chance(0.15))
                    {
                        var across = side == 'L' ? 'R' : 'L';
                        if (tied.Suited(Pick(draw, options), Another, across, year) is { } next)
                        {
                            (design, _) = Operate(hips, across, next, later);
                            (side, what) = (across, "other_side");
                        }
                    }
                    else if (options.Edition != PhantomEdition.First && options.UnknownShare > 0 && design is >= Design.D1 and <= Design.D6 && later.Chance(0.08)
                        && unknown.First(Designs.IsArthroplasty) is var joint && DesignWeights.MayShow(options, joint) && tied.Suits(joint, side, year))
                    {
                        (design, what) = Operate(hips, side, joint, later);
                    }
                }

                var taken = new DateTime(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(day).AddMinutes(draw.Whole(7 * 60, 20 * 60));
                if (taken.Year > LastYear) break;
                var site = draw.Chance(0.85) ? home : draw.Whole(0, Sites - 1);
                if (tied.IsOfOneSite) site = home;
                // Each site has its machines, and one works at two sites.
                var machine = Machine.All[(site * 2 + draw.Whole(0, 1)) % Machine.All.Count];
                string studyUid = Uids.Next(draw), seriesUid = Uids.Next(draw), accession = $"PH{id:000000}{study}";
                var count = draw.Chance(0.15) ? 2 : 1;
                for (var film = 0; film < count && films.Count < options.Count; film++)
                {
                    var (current, other) = (hips[side], hips[side == 'L' ? 'R' : 'L']);
                    var subject = new Subject(bodySeed, age, female, side, machine);
                    var header = new Header
                    {
                        PatientNumber = $"PHANTOM-{id:000000}",
                        PatientName = $"Phantom^{(female ? "Ada" : "Carl")} {id.ToString(CultureInfo.InvariantCulture)}",
                        Female = female,
                        Birth = new DateOnly(FirstYear - age, 1 + number % 12, 1 + number % 28),
                        Taken = taken.AddMinutes(2 * film),
                        Age = taken.Year - (FirstYear - age) - (taken.Month < 1 + number % 12 || (taken.Month == 1 + number % 12 && taken.Day < 1 + number % 28) ? 1 : 0),
                        Institution = Institutions[site],
                        StudyUid = studyUid,
                        SeriesUid = seriesUid,
                        InstanceUid = Uids.Next(draw),
                        Accession = accession,
                        InstanceNumber = film + 1,
                    };
                    var syntax = draw.Pick(
                        DxSyntax.ExplicitLittleEndian, DxSyntax.ExplicitLittleEndian, DxSyntax.ImplicitLittleEndian, DxSyntax.Rle,
                        DxSyntax.JpegLossless, DxSyntax.JpegLossless, DxSyntax.JpegLossless, DxSyntax.JpegLossless);
                    var extension = draw.Pick(".dcm", ".dcm", "", ".DCM");
                    var filmSeed = draw.Next();
                    if (ofFilm.TryGetValue("compression", out var share) && Confounding.IsTied("compression", share, filmSeed)) syntax = Confounding.SyntaxOf(design);
                    var plan = new FilmPlan
                    {
                        Seed = filmSeed,
                        Design = design,
                        View = ViewOf(options.View, filmSeed),
                        OtherDesign = other.Design,
                        LongSidePixels = options.LongSidePixels,
                        Edition = options.Edition,
                        Nuisances = Confounding.Of(ofFilm, design, filmSeed, Nuisances.AsDrawn with { Bulk = tied.Bulk }),
                        Removed = current.Removed,
                        OperationSeed = options.Edition == PhantomEdition.First ? null : current.Operation,
                        OtherOperationSeed = options.Edition == PhantomEdition.First ? null : other.Operation,
                        Subject = subject,
                    };
                    films.Add(new(plan, subject, header, syntax, $"{taken.Year}/PHANTOM-{id:000000}/{accession}/IM{film + 1:0000}{extension}", film == 0 ? what : "same_study"));
                }
            }
        }

        return films;
    }

    /// <summary>Another device, or none, in the hip of this side; returns it, and what that is called.</summary>
    private static (Design Design, string Event) Operate(Dictionary<char, Hip> hips, char side, Design design, Draw draw)
    {
        var before = hips[side];
        var isRemoval = design == Design.None && before.Design != Design.None;
        // Tracks lie where the device lay: the seed of its operation stays.
        hips[side] = new(design, isRemoval ? before.Operation : draw.Next(), isRemoval ? before.Design : Design.None);
        return (design, (before.Design, design) switch
        {
            (Design.None, Design.None) => "follow_up",
            (Design.None, _) => "operation",
            (_, Design.None) => "removal",
            _ when design.IsArthroplasty() && !before.Design.IsArthroplasty() => "conversion",
            _ => "revision",
        });
    }

    private static View ViewOf(ViewChoice choice, ulong filmSeed) => choice switch
    {
        ViewChoice.Hip => View.Hip,
        ViewChoice.Pelvis => View.Pelvis,
        _ => new Draw(filmSeed, "view").Chance(0.3) ? View.Pelvis : View.Hip,
    };

    private static Design Pick(Draw draw, PhantomOptions options)
    {
        var share = draw.Uniform(0, 1);
        if (share < options.NoneShare) return Design.None;
        return DesignWeights.Pick(draw, options, isKnown: share >= options.NoneShare + options.UnknownShare);
    }
}
