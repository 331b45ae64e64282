namespace BulkImplantScan.Phantoms.Films;

/// <summary>A lead letter on the film: side, sometimes initials.</summary>
internal sealed class Marker
{
    /// <summary>Draws a marker somewhere in the exposed field; <see cref="Strokes"/> is empty when there is none.</summary>
    /// <param name="draw">Place, size, font weight, presence.</param>
    /// <param name="side"><c>L</c> or <c>R</c>: the letter is never mirrored with the anatomy, but may lie face down.</param>
    /// <param name="field">Field in which it should be seen.</param>
    /// <param name="widthMm">Of the film.</param>
    /// <param name="heightMm">Of the film.</param>
    /// <param name="view">On a pelvis it lies on the half that it names.</param>
    /// <param name="chosen">What is not drawn.</param>
    public Marker(Draw draw, char side, Collimator field, double widthMm, double heightMm, View view, Nuisances chosen)
    {
        HeightMm = draw.Uniform(10, 16);
        Turn = draw.Chance(0.7) ? draw.Normal(0, 0.06) : draw.Uniform(-1.6, 1.6);
        HalfStrokeMm = HeightMm * draw.Uniform(0.05, 0.085);
        var isPresent = draw.Chance(0.86);
        IsFaceDown = draw.Chance(0.06);
        Text = draw.Chance(0.25) ? $"{side}{draw.Pick('A', 'B', 'E', 'H', 'K', 'M', 'T', 'V')}{draw.Pick('A', 'B', 'E', 'H', 'K', 'M', 'T', 'V')}" : $"{side}";
        for (var attempt = 0; attempt < 8; attempt++)
        {
            // Towards a corner or an edge, where technicians put them.
            X = widthMm * draw.Uniform(0.22, 0.44) * draw.Pick(-1, 1);
            Y = heightMm * draw.Uniform(0.1, 0.45) * draw.Pick(-1, 1);
            if (view == View.Pelvis) X = side == 'L' ? Math.Abs(X) : -Math.Abs(X);
            if (field.Inside(X, Y) > HeightMm * 1.2) break;
        }

        if (chosen.MarkerPlace is { } place)
        {
            var (sin, cos) = Math.SinCos((place * 45 - 135) * Math.PI / 180);
            var inwards = 0.44;
            do (X, Y) = (widthMm * inwards * Math.Clamp(cos * 1.42, -1, 1), heightMm * inwards * Math.Clamp(sin * 1.42, -1, 1));
            while (field.Inside(X, Y) < HeightMm * 1.2 && (inwards -= 0.03) > 0.2);
        }

        if (!(chosen.Marker ?? isPresent))
        {
            (Strokes, Text) = ([], "");
            return;
        }

        if (chosen.WrongMarker) Text = (side == 'L' ? 'R' : 'L') + Text[1..];
        Strokes = Lay();
    }

    /// <summary>Letters; empty without a marker.</summary>
    public string Text { get; }

    /// <summary>Place of the first letter's corner, mm from the middle of the film.</summary>
    public double X { get; }

    public double Y { get; }

    public double HeightMm { get; }

    /// <summary>Half the width of the lead.</summary>
    public double HalfStrokeMm { get; }

    /// <summary>Radians.</summary>
    public double Turn { get; }

    public bool IsFaceDown { get; }

    /// <summary>Segments in mm from the middle of the film.</summary>
    public List<(double X0, double Y0, double X1, double Y1)> Strokes { get; }

    private List<(double X0, double Y0, double X1, double Y1)> Lay()
    {
        List<(double, double, double, double)> segments = [];
        var (sin, cos) = Math.SinCos(Turn);
        for (var letter = 0; letter < Text.Length; letter++)
        {
            var scale = HeightMm / 1.4 * (letter == 0 ? 1 : 0.55);
            foreach (var (x0, y0, x1, y1) in Letters.Of(Text[letter]))
            {
                var (from, to) = (Put(x0, y0), Put(x1, y1));
                segments.Add((from.X, from.Y, to.X, to.Y));
            }

            (double X, double Y) Put(double u, double v)
            {
                double px = (u + (letter == 0 ? 0 : 2 + (letter - 1) * 1.25)) * scale * (IsFaceDown ? -1 : 1), py = v * scale;
                return (X + px * cos - py * sin, Y + px * sin + py * cos);
            }
        }

        return segments;
    }
}
