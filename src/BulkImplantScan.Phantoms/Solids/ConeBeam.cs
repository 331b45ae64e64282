namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Where everything lies between source and detector, and how a pixel looks through it.</summary>
/// <remarks>Film coordinates are those of the plane through the hip (z = 0): detector coordinates divided by the
/// magnification there. Devices are cut by true cone-beam rays; the bones, whose outlines are drawn in that plane, are not
/// (their relief of ± 20 mm would shift edges by less than 2 %).</remarks>
internal sealed record ConeBeam
{
    /// <summary>Pixels of the film across.</summary>
    public required int Columns { get; init; }

    /// <summary>Pixels of the film down.</summary>
    public required int Rows { get; init; }

    /// <summary>Pixel pitch in the plane of the hip, mm.</summary>
    public required double PitchMm { get; init; }

    /// <summary>Place of the head's centre on the film, pixels from the left.</summary>
    public required double HeadColumn { get; init; }

    /// <summary>Place of the head's centre on the film, pixels from the top.</summary>
    public required double HeadRow { get; init; }

    /// <summary>Source to the plane of the hip, mm.</summary>
    public required double SourceMm { get; init; }

    /// <summary>Source over the film, mm from the head's centre in the plane of the hip.</summary>
    public required Vec Source { get; init; }

    /// <summary>−1 when lateral is to the left of the film (a right hip), else 1.</summary>
    public required int Mirror { get; init; }

    /// <summary>Turn of the patient on the film, radians.</summary>
    public required double Turn { get; init; }

    /// <summary>From the patient's frame to the film's.</summary>
    public Vec ToFilm(Vec point)
    {
        var (sin, cos) = Math.SinCos(Turn);
        return new(Mirror * point.X * cos - point.Y * sin, Mirror * point.X * sin + point.Y * cos, point.Z);
    }

    /// <summary>The same rays in the frame of the other hip, whose outer side points the other way.</summary>
    public ConeBeam Across(double midlineX)
    {
        var (sin, cos) = Math.SinCos(Turn);
        double x = 2 * midlineX * Mirror * cos, y = 2 * midlineX * Mirror * sin;
        return this with
        {
            HeadColumn = HeadColumn + x / PitchMm,
            HeadRow = HeadRow + y / PitchMm,
            Source = new(Source.X - x, Source.Y - y),
            Mirror = -Mirror,
        };
    }

    /// <summary>From the plane of the hip, film's frame, back to the patient's.</summary>
    public (double X, double Y) ToPatient(double x, double y)
    {
        var (sin, cos) = Math.SinCos(Turn);
        return (Mirror * (x * cos + y * sin), y * cos - x * sin);
    }

    /// <summary>Shadow of a point of the film's frame in the plane of the hip.</summary>
    public (double X, double Y) Shadow(Vec point)
    {
        var scale = SourceMm / (SourceMm + point.Z);
        return (Source.X + (point.X - Source.X) * scale, Source.Y + (point.Y - Source.Y) * scale);
    }
}
