using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Devices;

/// <summary>What becomes of hardware in a patient: a part backs out, or breaks.</summary>
/// <remarks>As likely for every design that has screws, so that failure says nothing about the design.</remarks>
internal static class Hardware
{
    private const double FailureShare = 0.08;
    private const double LeastBreakableMm = 25;

    /// <summary>Lets a device fail, rarely.</summary>
    /// <returns><c>backed_out</c>, <c>broken</c> or nothing.</returns>
    public static string Fail(List<Part> parts, Site site, Draw draw)
    {
        var pieces = Pieces(parts);
        if (!draw.Chance(FailureShare) || pieces.Count == 0) return "";
        return draw.Chance(0.5) ? BackOut(pieces, site, draw) : Break(pieces, site, draw);
    }

    /// <summary>Each piece of metal with its bores.</summary>
    private static List<List<Part>> Pieces(List<Part> parts)
    {
        var pieces = new List<List<Part>>();
        foreach (var part in parts)
        {
            if (!part.Hole) pieces.Add([part]);
            else if (pieces.Count > 0) pieces[^1].Add(part);
        }

        return pieces;
    }

    private static string BackOut(List<List<Part>> pieces, Site site, Draw draw)
    {
        // A screw, blade or bolt, straight and with a thread or fins: not a ball, cup, wire or stem.
        List<List<Part>> screws = [.. pieces.Where(piece => piece[0].Element is Element.Head or Element.Screw && piece[0].Rods[0].Section is Solids.Thread or Fins)];
        if (screws.Count == 0) return "";
        var screw = screws[draw.Whole(0, screws.Count - 1)];
        var rod = screw[0].Rods[0];
        var wayMm = draw.Uniform(5, 16);
        var way = (rod.End - rod.Start).Unit * -wayMm;
        Move(screw, _ => true, point => point + way, vec => vec);
        site.Note("backed_out_mm", wayMm);
        return "backed_out";
    }

    private static string Break(List<List<Part>> pieces, Site site, Draw draw)
    {
        List<(List<Part> Piece, Rod Rod)> breakable =
        [
            .. from piece in pieces
               from rod in piece[0].Rods
               where rod.Section.IsUniform && (rod.End - rod.Start).Length >= LeastBreakableMm
               select (piece, rod),
        ];
        if (breakable.Count == 0) return "";
        var (broken, at) = breakable[draw.Whole(0, breakable.Count - 1)];
        var axis = (at.End - at.Start).Unit;
        var place = at.Start + (at.End - at.Start) * draw.Uniform(0.35, 0.65);
        var angle = draw.Uniform(0.03, 0.12) * draw.Pick(-1, 1);
        var shift = axis * draw.Uniform(0.3, 2) + new Vec(axis.Y, -axis.X) * draw.Uniform(-2, 2);
        foreach (var part in broken) part.Split(place, axis);
        Move(broken, IsBeyond, point => place + Turned(point - place) + shift, Turned);
        site.Note("break_degrees", angle * 180 / Math.PI);
        return "broken";

        bool IsBeyond(Rod rod) => ((rod.Start + rod.End) * 0.5 - place).Dot(axis) > 0;
        Vec Turned(Vec vec) => vec.Turn(new(0, 0, 1), angle);
    }

    private static void Move(List<Part> piece, Predicate<Rod> which, Func<Vec, Vec> point, Func<Vec, Vec> direction)
    {
        foreach (var rods in piece.Select(part => part.Rods))
        {
            for (var i = 0; i < rods.Count; i++)
            {
                var rod = rods[i];
                if (which(rod)) rods[i] = new(point(rod.Start), point(rod.End), rod.Section, direction(rod.Reference));
            }
        }
    }
}
