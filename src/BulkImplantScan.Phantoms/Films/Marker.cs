namespace BulkImplantScan.Phantoms.Films;

/// <summary>A lead letter on the film: side, sometimes initials.</summary>
internal static class Marker
{
    private static readonly Dictionary<char, double[][]> Letters = new()
    {
        // Polylines in a box of 1 × 1.4, x then y.
        ['L'] = [[0, 0, 0, 1.4, 0.85, 1.4]],
        ['R'] = [[0, 1.4, 0, 0, 0.55, 0, 0.85, 0.2, 0.85, 0.5, 0.55, 0.72, 0, 0.72], [0.45, 0.72, 0.9, 1.4]],
        ['A'] = [[0, 1.4, 0.45, 0, 0.9, 1.4], [0.18, 0.9, 0.72, 0.9]],
        ['B'] = [[0, 0, 0, 1.4, 0.6, 1.4, 0.85, 1.2, 0.85, 0.9, 0.6, 0.68, 0, 0.68], [0, 0, 0.55, 0, 0.78, 0.2, 0.78, 0.5, 0.55, 0.68]],
        ['E'] = [[0.8, 0, 0, 0, 0, 1.4, 0.8, 1.4], [0, 0.7, 0.65, 0.7]],
        ['H'] = [[0, 0, 0, 1.4], [0.85, 0, 0.85, 1.4], [0, 0.7, 0.85, 0.7]],
        ['K'] = [[0, 0, 0, 1.4], [0.85, 0, 0, 0.8], [0.25, 0.6, 0.9, 1.4]],
        ['M'] = [[0, 1.4, 0, 0, 0.5, 0.8, 1, 0, 1, 1.4]],
        ['T'] = [[0, 0, 1, 0], [0.5, 0, 0.5, 1.4]],
        ['V'] = [[0, 0, 0.45, 1.4, 0.9, 0]],
    };

    /// <summary>Strokes of a marker somewhere in the exposed field: segments in mm from the middle of the film.</summary>
    /// <param name="draw">Place, size, font weight, presence.</param>
    /// <param name="side"><c>L</c> or <c>R</c>: the letter is never mirrored with the anatomy, but may lie face down.</param>
    /// <param name="field">Field in which it should be seen.</param>
    /// <param name="widthMm">Of the film.</param>
    /// <param name="heightMm">Of the film.</param>
    /// <param name="halfStrokeMm">Half the width of the lead.</param>
    public static List<(double X0, double Y0, double X1, double Y1)> Strokes(
        Draw draw, char side, Collimator field, double widthMm, double heightMm, out double halfStrokeMm)
    {
        double height = draw.Uniform(10, 16), turn = draw.Chance(0.7) ? draw.Normal(0, 0.06) : draw.Uniform(-1.6, 1.6);
        halfStrokeMm = height * draw.Uniform(0.05, 0.085);
        var present = draw.Chance(0.86);
        var flipped = draw.Chance(0.06);
        var text = draw.Chance(0.25) ? $"{side}{draw.Pick('A', 'B', 'E', 'H', 'K', 'M', 'T', 'V')}{draw.Pick('A', 'B', 'E', 'H', 'K', 'M', 'T', 'V')}" : $"{side}";
        double x = 0, y = 0;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            // Towards a corner or an edge, where technicians put them.
            x = widthMm * draw.Uniform(0.22, 0.44) * draw.Pick(-1, 1);
            y = heightMm * draw.Uniform(0.1, 0.45) * draw.Pick(-1, 1);
            if (field.Inside(x, y) > height * 1.2) break;
        }

        List<(double, double, double, double)> segments = [];
        if (!present) return segments;
        var (sin, cos) = Math.SinCos(turn);
        for (var letter = 0; letter < text.Length; letter++)
        {
            var scale = height / 1.4 * (letter == 0 ? 1 : 0.55);
            foreach (var stroke in Letters[text[letter]])
            {
                for (var i = 2; i < stroke.Length; i += 2)
                {
                    var (x0, y0) = Put(stroke[i - 2], stroke[i - 1]);
                    var (x1, y1) = Put(stroke[i], stroke[i + 1]);
                    segments.Add((x0, y0, x1, y1));
                }
            }

            (double, double) Put(double u, double v)
            {
                double px = (u + (letter == 0 ? 0 : 2 + (letter - 1) * 1.25)) * scale * (flipped ? -1 : 1), py = v * scale;
                return (x + px * cos - py * sin, y + px * sin + py * cos);
            }
        }

        return segments;
    }
}
