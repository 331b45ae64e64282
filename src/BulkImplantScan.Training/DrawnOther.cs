namespace BulkImplantScan.Training;

/// <summary>Draws films that show no hip: what the gate "is this an AP hip?" is learnt from where nobody labels such films.</summary>
/// <remarks>Pieces of a film in another order, a close look at one piece, and rough pictures of other parts of a body: long bones,
/// fingers, ribs, a skull.</remarks>
internal static class DrawnOther
{
    private const float Full = ushort.MaxValue;

    /// <summary>Writes into <paramref name="target"/>, brightness [side, side].</summary>
    /// <param name="film">A film to take pieces from.</param>
    /// <param name="side">H and W.</param>
    /// <param name="random">Of this film in this epoch.</param>
    /// <param name="target">Changed in place.</param>
    public static void Draw(ReadOnlySpan<ushort> film, int side, Random random, Span<ushort> target)
    {
        switch (random.Next(10))
        {
            case 0 or 1: Shuffle(film, side, random, target); break;
            case 2: Closer(film, side, random, target); break;
            case 3: Noise(side, random, target); break;
            default: Body(side, random, target); break;
        }
    }

    private static void Shuffle(ReadOnlySpan<ushort> film, int side, Random random, Span<ushort> target)
    {
        var across = random.Next(3, 6);
        var tile = side / across;
        var order = Enumerable.Range(0, across * across).ToArray();
        random.Shuffle(order);
        film.CopyTo(target);
        for (var t = 0; t < order.Length; t++)
        {
            var (fromY, fromX, toY, toX) = (order[t] / across * tile, order[t] % across * tile, t / across * tile, t % across * tile);
            for (var y = 0; y < tile; y++) film.Slice((fromY + y) * side + fromX, tile).CopyTo(target[((toY + y) * side + toX)..]);
        }
    }

    private static void Closer(ReadOnlySpan<ushort> film, int side, Random random, Span<ushort> target)
    {
        var part = (int)(side * (0.12 + 0.13 * random.NextDouble()));
        var (top, left) = (random.Next(side - part), random.Next(side - part));
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                target[y * side + x] = film[(top + y * part / side) * side + left + x * part / side];
    }

    private static void Noise(int side, Random random, Span<ushort> target)
    {
        var cell = random.Next(1, Math.Max(2, side / 6));
        var across = side / cell + 1;
        var values = new ushort[across * across];
        var (low, range) = (random.NextSingle() * 0.6f, random.NextSingle() * 0.6f);
        for (var i = 0; i < values.Length; i++) values[i] = (ushort)(Math.Clamp(low + range * random.NextSingle(), 0, 1) * Full);
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                target[y * side + x] = values[y / cell * across + x / cell];
    }

    private static void Body(int side, Random random, Span<ushort> target)
    {
        target.Fill((ushort)(random.NextSingle() * 0.15f * Full));
        var angle = random.NextSingle() * MathF.PI;
        var (sin, cos) = MathF.SinCos(angle);
        var flesh = 0.15f + 0.3f * random.NextSingle();
        float Flesh(float away) => flesh * MathF.Sqrt(Math.Max(0, 1 - away * away));
        for (var i = random.Next(1, 4); i > 0; i--)
            Raster.Ellipse(target, side, (0.5f + Spread(random, 0.2f), 0.5f + Spread(random, 0.2f)), (0.3f + 0.5f * random.NextSingle(), 0.15f + 0.4f * random.NextSingle()), angle, Flesh);

        var bone = 0.1f + 0.3f * random.NextSingle();
        float Bone(float away) => bone * (away > 0.7f ? 1 : 0.45f);
        switch (random.Next(4))
        {
            case 0: // one or two long bones from edge to edge, with a joint or without
                for (var i = random.Next(1, 3); i > 0; i--)
                {
                    var (offset, radius) = (Spread(random, 0.15f), 0.03f + 0.06f * random.NextSingle());
                    var (x, y) = (0.5f - offset * sin, 0.5f + offset * cos);
                    var (reach, gap) = (0.4f + 0.4f * random.NextSingle(), 0.01f + 0.02f * random.NextSingle());
                    Raster.Rod(target, side, (x - reach * cos, y - reach * sin), (x - gap * cos, y - gap * sin), radius, Bone);
                    if (random.NextDouble() < 0.7) Raster.Rod(target, side, (x + gap * cos, y + gap * sin), (x + reach * cos, y + reach * sin), radius * (0.7f + 0.5f * random.NextSingle()), Bone);
                }

                break;
            case 1: // fingers
                for (var finger = -2; finger <= 2; finger++)
                {
                    var (fan, at) = (angle + finger * (0.1f + 0.15f * random.NextSingle()), 0.05f);
                    var radius = 0.012f + 0.015f * random.NextSingle();
                    for (var joint = 0; joint < 4; joint++)
                    {
                        var length = 0.16f - 0.03f * joint;
                        Raster.Rod(target, side, (0.5f + at * MathF.Cos(fan), 0.5f + at * MathF.Sin(fan)), (0.5f + (at + length) * MathF.Cos(fan), 0.5f + (at + length) * MathF.Sin(fan)), radius, Bone);
                        at += length + 2.4f * radius;
                    }
                }

                break;
            case 2: // ribs beside a spine
                var lung = 0.1f + 0.25f * random.NextSingle();
                foreach (var half in (ReadOnlySpan<float>)[-1, 1])
                    Raster.Ellipse(target, side, (0.5f + half * 0.22f, 0.48f), (0.16f, 0.34f), half * 0.1f, away => -lung * (1 - away));
                Raster.Rod(target, side, (0.5f, 0), (0.5f, 1), 0.04f + 0.03f * random.NextSingle(), Bone);
                var spacing = 0.06f + 0.04f * random.NextSingle();
                for (var y = 0.1f; y < 0.85f; y += spacing)
                    foreach (var half in (ReadOnlySpan<float>)[-1, 1])
                        for (var piece = 0; piece < 6; piece++)
                            Raster.Rod(target, side, (0.5f + half * (0.05f + piece * 0.06f), y + 0.012f * piece * piece / 3), (0.5f + half * (0.11f + piece * 0.06f), y + 0.012f * (piece + 1) * (piece + 1) / 3), 0.01f, _ => bone * 0.4f);
                break;
            default: // a skull, or another round bone
                var (centre, radii) = ((0.5f + Spread(random, 0.1f), 0.5f + Spread(random, 0.1f)), (0.2f + 0.2f * random.NextSingle(), 0.2f + 0.25f * random.NextSingle()));
                Raster.Ellipse(target, side, centre, radii, angle, away => away > 0.92f ? bone : 0.3f * bone);
                for (var i = random.Next(0, 5); i > 0; i--)
                    Raster.Ellipse(target, side, (0.5f + Spread(random, 0.2f), 0.5f + Spread(random, 0.2f)), (0.03f + 0.06f * random.NextSingle(), 0.03f + 0.06f * random.NextSingle()), angle, away => Spread(random, 0.02f) + (away > 0.8f ? 0.5f * bone : -0.3f * bone));
                break;
        }

        // Something metallic on one of four: metal alone makes no hip.
        if (random.Next(4) == 0) DrawnHardware.Draw(target, side, random);
        var grain = random.NextSingle() * 0.04f;
        for (var i = 0; i < target.Length; i++) target[i] = (ushort)Math.Clamp(target[i] + (random.NextSingle() - 0.5f) * grain * Full, 0, Full);
    }

    private static float Spread(Random random, float range) => (random.NextSingle() * 2 - 1) * range;
}
