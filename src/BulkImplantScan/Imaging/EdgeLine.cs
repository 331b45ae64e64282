namespace BulkImplantScan.Imaging;

/// <summary>A straight edge: its depth on each of a side's lines.</summary>
/// <param name="Intercept">Depth in pixels on line 0.</param>
/// <param name="Slope">Pixels a line.</param>
internal readonly record struct EdgeLine(double Intercept, double Slope)
{
    /// <summary>Depth on a line.</summary>
    public double At(double line) => Intercept + (Slope * line);

    /// <summary>How much deeper a point lies.</summary>
    public double Distance(EdgePoint point) => point.Depth - At(point.Line);

    /// <summary>The line that most points lie near: of least squares among those.</summary>
    /// <param name="points">Two or more, of different lines; those near it are brought to the front.</param>
    /// <param name="near">Pixels.</param>
    /// <param name="agreeing">How many lie near it, ≥ 2.</param>
    public static EdgeLine ThroughMost(Span<EdgePoint> points, double near, out int agreeing)
    {
        var (most, best) = (0, default(EdgeLine));
        for (var i = 0; i < points.Length; i++)
            for (var j = i + 1; j < points.Length; j++)
            {
                var slope = (points[j].Depth - points[i].Depth) / (points[j].Line - points[i].Line);
                var line = new EdgeLine(points[i].Depth - (slope * points[i].Line), slope);
                var count = 0;
                foreach (var point in points) count += Math.Abs(line.Distance(point)) <= near ? 1 : 0;
                if (count > most) (most, best) = (count, line);
            }

        agreeing = 0;
        for (var i = 0; i < points.Length; i++)
        {
            if (Math.Abs(best.Distance(points[i])) > near) continue;
            (points[agreeing], points[i]) = (points[i], points[agreeing]);
            agreeing++;
        }

        return OfLeastSquares(points[..agreeing]);
    }

    private static EdgeLine OfLeastSquares(ReadOnlySpan<EdgePoint> points)
    {
        double line = 0, depth = 0, both = 0, squares = 0;
        foreach (var point in points)
        {
            line += point.Line;
            depth += point.Depth;
            both += point.Line * point.Depth;
            squares += (double)point.Line * point.Line;
        }

        var slope = (both - (line * depth / points.Length)) / (squares - (line * line / points.Length));
        return new((depth - (slope * line)) / points.Length, slope);
    }
}
