namespace BulkImplantScan.Phantoms.Films;

/// <summary>What is in the stored values but was not in the beam: dead pixels, and text that the machine burnt in.</summary>
internal static class Overprint
{
    private static readonly string[] Words = ["PORT", "SUPINE", "AP HIP", "AP"];

    /// <summary>Adds it, rarely.</summary>
    /// <returns>Whether text was burnt in, which the header must say.</returns>
    public static bool Add(ushort[] stored, Technique t, Draw draw)
    {
        if (draw.Chance(0.08)) Kill(stored, t, draw);
        var isBurnt = draw.Chance(0.12);
        if (isBurnt) Burn(stored, t, draw);
        return isBurnt;
    }

    private static void Kill(ushort[] stored, Technique t, Draw draw)
    {
        var count = draw.Whole(1, 6);
        for (var i = 0; i < count; i++) stored[draw.Whole(0, t.Rows - 1) * t.Columns + draw.Whole(0, t.Columns - 1)] = draw.Pick((ushort)0, White(t, false));
        if (!draw.Chance(0.25)) return;
        int column = draw.Whole(1, t.Columns - 1), from = draw.Whole(0, t.Rows - 1);
        for (var row = from; row < t.Rows; row++) stored[row * t.Columns + column] = 0;
    }

    private static void Burn(ushort[] stored, Technique t, Draw draw)
    {
        var text = draw.Chance(0.5) ? draw.Pick<string>(Words) : $"{draw.Whole(1, 2)}{draw.Whole(0, 3)}:{draw.Whole(0, 5)}{draw.Whole(0, 5)}";
        double heightMm = draw.Uniform(3, 6), letterMm = heightMm / 1.4, halfMm = Math.Max(heightMm * 0.07, 0.6 * t.PitchMm);
        double left = draw.Pick(0.03, 0.72) * t.Columns * t.PitchMm, top = draw.Pick(0.03, 0.93) * t.Rows * t.PitchMm;
        var white = White(t, t.Monochrome1);
        for (var letter = 0; letter < text.Length; letter++)
        {
            foreach (var (x0, y0, x1, y1) in Letters.Of(text[letter]))
            {
                double fromX = left + (x0 + letter * 1.25) * letterMm, fromY = top + y0 * letterMm, toX = left + (x1 + letter * 1.25) * letterMm, toY = top + y1 * letterMm;
                var steps = 1 + (int)(Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)) / (0.5 * t.PitchMm));
                for (var step = 0; step <= steps; step++)
                    Dot(fromX + (toX - fromX) * step / steps, fromY + (toY - fromY) * step / steps);
            }
        }

        void Dot(double x, double y)
        {
            int row0 = (int)((y - halfMm) / t.PitchMm), row1 = (int)((y + halfMm) / t.PitchMm), column0 = (int)((x - halfMm) / t.PitchMm), column1 = (int)((x + halfMm) / t.PitchMm);
            for (var row = Math.Max(row0, 0); row <= Math.Min(row1, t.Rows - 1); row++)
                for (var column = Math.Max(column0, 0); column <= Math.Min(column1, t.Columns - 1); column++) stored[row * t.Columns + column] = white;
        }
    }

    private static ushort White(Technique t, bool isInverted) => (ushort)(isInverted ? 0 : (1 << t.Bits) - 1);
}
