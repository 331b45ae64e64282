using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>The edges of the exposed field: up to four, a little turned, with a soft border.</summary>
internal sealed class Collimator
{
    private readonly (double NormalX, double NormalY, double Distance)[] _edges;
    private readonly double _penumbra;
    private readonly double _leak;

    /// <summary>Draws one around the middle of a film, in mm of the detector.</summary>
    /// <param name="seed">Of the film.</param>
    /// <param name="widthMm">Of the film.</param>
    /// <param name="heightMm">Of the film.</param>
    /// <param name="chosen">Edges as in <see cref="Nuisances.CollimatorEdges"/>, or null to draw them.</param>
    public Collimator(ulong seed, double widthMm, double heightMm, int? chosen)
    {
        var draw = new Draw(seed, "collimator");
        var turn = draw.Chance(0.6) ? draw.Normal(0, 0.012) : draw.Uniform(-0.12, 0.12);
        var edges = new List<(double, double, double)>();
        for (var side = 0; side < 4; side++)
            if (draw.Chance(0.42)) edges.Add(Edge(side, draw.Uniform(0.80, 0.985)));
        if (chosen is { } sides)
        {
            // Numbers of their own: what is drawn below stays as it was.
            var others = new Draw(seed, "chosen edges");
            edges.Clear();
            for (var side = 0; side < 4; side++)
                if ((sides >> side & 1) == 1) edges.Add(Edge(side, others.Uniform(0.80, 0.95)));
        }

        (double, double, double) Edge(int side, double share)
        {
            var (sin, cos) = Math.SinCos(turn + side * Math.PI / 2);
            return (cos, sin, (side % 2 == 0 ? widthMm : heightMm) * 0.5 * share);
        }

        Edges = edges.Count;
        _edges = [.. edges];
        _penumbra = draw.Uniform(0.5, 1.5);
        _leak = draw.Uniform(0.004, 0.03);
        Shutter = draw.Chance(0.55);
    }

    /// <summary>Number of edges on the film.</summary>
    public int Edges { get; }

    /// <summary>Whether the machine blackens what lies outside.</summary>
    public bool Shutter { get; }

    /// <summary>Share of the beam that reaches a point, mm from the middle of the film; never quite 0.</summary>
    public double Open(double x, double y)
    {
        var open = 1.0;
        foreach (var (normalX, normalY, distance) in _edges)
        {
            var inside = (distance - x * normalX - y * normalY) / _penumbra;
            if (inside < -6) return _leak;
            if (inside < 6) open *= 1 / (1 + Math.Exp(-2 * inside));
        }

        return _leak + (1 - _leak) * open;
    }

    /// <summary>Multiplies a row of cells by a factor and by the share of the beam that reaches them.</summary>
    /// <param name="row">Cells.</param>
    /// <param name="factor">Of the whole row.</param>
    /// <param name="cellMm">Pitch of the cells.</param>
    /// <param name="middleX">Middle of the film, mm from its left.</param>
    /// <param name="y">Of the row, mm from the middle of the film.</param>
    public void Dim(Span<float> row, double factor, double cellMm, double middleX, double y)
    {
        // Where every edge is farther than its border is wide, the beam is open.
        var (from, to) = Row(y, 6 * _penumbra + cellMm);
        var first = (int)Math.Clamp(Math.Ceiling((from + middleX) / cellMm - 0.5), 0, row.Length);
        var end = (int)Math.Clamp(Math.Floor((to + middleX) / cellMm - 0.5), first, row.Length);
        var open = (float)(factor * (_leak + (1 - _leak)));
        for (var column = 0; column < first; column++) row[column] *= (float)(factor * Open((column + 0.5) * cellMm - middleX, y));
        foreach (ref var value in row[first..end]) value *= open;
        for (var column = end; column < row.Length; column++) row[column] *= (float)(factor * Open((column + 0.5) * cellMm - middleX, y));
    }

    /// <summary>Distance in mm to the nearest edge of the field (or of the film), inside positive.</summary>
    public double Inside(double x, double y)
    {
        var inside = double.MaxValue;
        foreach (var (normalX, normalY, distance) in _edges) inside = Math.Min(inside, distance - x * normalX - y * normalY);
        return inside;
    }

    /// <summary>The smallest rectangle of pixels that holds the field.</summary>
    public FieldOfView Bounds(int columns, int rows, double pitchMm)
    {
        int top = rows, bottom = 0, left = columns, right = 0;
        for (var row = 0; row < rows; row++)
        {
            var (from, to) = Row((row + 0.5 - rows / 2.0) * pitchMm);
            var first = (int)Math.Clamp(Math.Floor(from / pitchMm + columns / 2.0), 0, columns);
            var end = (int)Math.Clamp(Math.Ceiling(to / pitchMm + columns / 2.0), 0, columns);
            if (end <= first) continue;
            (top, bottom) = (Math.Min(top, row), row + 1);
            (left, right) = (Math.Min(left, first), Math.Max(right, end));
        }

        return new(top, left, bottom - top, right - left);
    }

    /// <summary>From where to where a row lies inside the field, and so many mm away from its edges; mm from the middle of the film.</summary>
    public (double From, double To) Row(double y, double away = 0)
    {
        double from = double.MinValue, to = double.MaxValue;
        foreach (var (normalX, normalY, distance) in _edges)
        {
            var left = distance - y * normalY - away;
            if (Math.Abs(normalX) < 1e-9) (from, to) = left < 0 ? (1, 0) : (from, to);
            else if (normalX > 0) to = Math.Min(to, left / normalX);
            else from = Math.Max(from, left / normalX);
        }

        return (from, to);
    }
}
