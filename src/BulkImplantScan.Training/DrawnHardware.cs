namespace BulkImplantScan.Training;

/// <summary>Draws metal that no catalogue knows over the film of a hip without an implant: what "unknown hardware" is learnt from
/// beside the films that are labelled so, which are few and of few kinds (outlier exposure, Hendrycks 2019).</summary>
/// <remarks>Rods, plates, stems with a ball, wires, in any number and pose around the middle. Not what lies on many films anyway
/// (markers, clips, calibration balls by themselves): that is no implant.</remarks>
internal static class DrawnHardware
{
    /// <summary>Draws into <paramref name="film"/>, brightness [side, side].</summary>
    public static void Draw(Span<ushort> film, int side, Random random)
    {
        var level = 0.25f + 0.5f * random.NextSingle();
        var hollow = random.NextDouble() < 0.3;
        float Solid(float away) => hollow && away < 0.4f ? level * 0.7f : level * MathF.Sqrt(Math.Max(0, 1 - away * away * 0.8f));
        var middle = (X: 0.5f + Spread(random, 0.15f), Y: 0.45f + Spread(random, 0.15f));
        switch (random.Next(5))
        {
            case 0: // rods at any angle to each other
                for (var i = random.Next(1, 5); i > 0; i--) Rod(film, side, random, Near(middle, random, 0.1f), 0.15f, 0.65f, Solid);
                break;
            case 1: // a plate, and screws across it
                var (from, to) = Line(middle, random, 0.2f, 0.7f);
                Raster.Rod(film, side, from, to, 0.012f + 0.02f * random.NextSingle(), Solid);
                var across = MathF.Atan2(to.Y - from.Y, to.X - from.X) + MathF.PI / 2 + Spread(random, 0.6f);
                for (var i = random.Next(2, 9); i > 0; i--)
                {
                    var t = random.NextSingle();
                    var (x, y, reach) = (from.X + t * (to.X - from.X), from.Y + t * (to.Y - from.Y), 0.05f + 0.25f * random.NextSingle());
                    Raster.Rod(film, side, (x, y), (x + reach * MathF.Cos(across), y + reach * MathF.Sin(across)), 0.007f + 0.008f * random.NextSingle(), Solid);
                }

                break;
            case 2: // a stem with a ball, a cup or neither
                var size = 0.05f + 0.07f * random.NextSingle();
                Raster.Ellipse(film, side, middle, (size, size * (0.8f + 0.4f * random.NextSingle())), random.NextSingle() * MathF.PI, Solid);
                var neck = (X: middle.X + Spread(random, 0.15f), Y: middle.Y + 0.05f + 0.1f * random.NextSingle());
                Raster.Rod(film, side, middle, neck, 0.015f + 0.02f * random.NextSingle(), Solid);
                Raster.Rod(film, side, neck, (neck.X + Spread(random, 0.08f), neck.Y + 0.2f + 0.35f * random.NextSingle()), 0.015f + 0.025f * random.NextSingle(), Solid);
                break;
            case 3: // wires around the bone
                for (var i = random.Next(2, 7); i > 0; i--)
                {
                    var (x, y, width) = (middle.X + Spread(random, 0.04f), middle.Y + Spread(random, 0.3f), 0.05f + 0.05f * random.NextSingle());
                    var tilt = Spread(random, 0.03f);
                    Raster.Rod(film, side, (x - width, y - tilt), (x + width, y + tilt), 0.004f + 0.004f * random.NextSingle(), _ => level);
                    Raster.Rod(film, side, (x - width, y - tilt + 0.01f), (x + width, y + tilt + 0.012f), 0.004f, _ => level);
                }

                break;
            default: // bent rods: chains of pieces
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    var at = Near(middle, random, 0.12f);
                    var angle = MathF.PI / 2 + Spread(random, 0.8f);
                    var bend = Spread(random, 0.12f);
                    var radius = 0.006f + 0.016f * random.NextSingle();
                    for (var piece = random.Next(4, 12); piece > 0; piece--, angle += bend)
                    {
                        var next = (X: at.X + 0.05f * MathF.Cos(angle), Y: at.Y + 0.05f * MathF.Sin(angle));
                        Raster.Rod(film, side, at, next, radius, Solid);
                        at = next;
                    }
                }

                break;
        }
    }

    private static void Rod(Span<ushort> film, int side, Random random, (float X, float Y) middle, float least, float greatest, Func<float, float> shade)
    {
        var (from, to) = Line(middle, random, least, greatest);
        Raster.Rod(film, side, from, to, 0.008f + 0.025f * random.NextSingle(), shade);
    }

    private static ((float X, float Y) From, (float X, float Y) To) Line((float X, float Y) middle, Random random, float least, float greatest)
    {
        var (half, angle) = ((least + (greatest - least) * random.NextSingle()) / 2, random.NextSingle() * MathF.PI);
        var (dx, dy) = (half * MathF.Cos(angle), half * MathF.Sin(angle));
        return ((middle.X - dx, middle.Y - dy), (middle.X + dx, middle.Y + dy));
    }

    private static (float X, float Y) Near((float X, float Y) middle, Random random, float range) =>
        (middle.X + Spread(random, range), middle.Y + Spread(random, range));

    private static float Spread(Random random, float range) => (random.NextSingle() * 2 - 1) * range;
}
