namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Path length through metal for each sub-pixel of a box of the film, and which element it belongs to.</summary>
internal sealed class MetalMap
{
    private const int MarginPixels = 6;

    /// <summary>First column of the box on the film.</summary>
    public int Left { get; private init; }

    /// <summary>First row of the box on the film.</summary>
    public int Top { get; private init; }

    /// <summary>Columns of the box; 0 when there is no metal on the film.</summary>
    public int Width { get; private init; }

    /// <summary>Rows of the box.</summary>
    public int Height { get; private init; }

    /// <summary>Sub-pixels along each side of a pixel.</summary>
    public int Fine { get; private init; }

    /// <summary>Path length in mm, ≥ 0; Height·Fine rows of Width·Fine.</summary>
    public float[] PathMm { get; private init; } = [];

    /// <summary>Element of each pixel, Height rows of Width.</summary>
    public Element[] Elements { get; private init; } = [];

    /// <summary>Cuts every part with the rays of the film.</summary>
    public static MetalMap Cut(IReadOnlyList<Part> parts, ConeBeam beam)
    {
        double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9;
        foreach (var rod in parts.SelectMany(part => part.Rods))
        {
            foreach (var end in (ReadOnlySpan<Vec>)[rod.Start, rod.End])
            {
                var (x, y) = beam.Shadow(beam.ToFilm(end));
                var reach = rod.Section.ReachMm * 1.3;
                (x0, x1) = (Math.Min(x0, x - reach), Math.Max(x1, x + reach));
                (y0, y1) = (Math.Min(y0, y - reach), Math.Max(y1, y + reach));
            }
        }

        var left = (int)Math.Clamp(beam.HeadColumn + x0 / beam.PitchMm - MarginPixels, 0, beam.Columns);
        var top = (int)Math.Clamp(beam.HeadRow + y0 / beam.PitchMm - MarginPixels, 0, beam.Rows);
        var width = (int)Math.Clamp(beam.HeadColumn + x1 / beam.PitchMm + MarginPixels, 0, beam.Columns) - left;
        var height = (int)Math.Clamp(beam.HeadRow + y1 / beam.PitchMm + MarginPixels, 0, beam.Rows) - top;
        if (width <= 0 || height <= 0) return new();

        // Coarse pixels are cut in parts, or a thread would alias.
        var fine = Math.Clamp((int)Math.Ceiling(beam.PitchMm / 0.2), 1, 3);
        var map = new MetalMap
        {
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            Fine = fine,
            PathMm = new float[width * fine * height * fine],
            Elements = new Element[width * height],
        };
        var piece = new float[map.PathMm.Length];
        foreach (var part in parts) map.Add(part, piece, beam);
        foreach (ref var path in map.PathMm.AsSpan()) path = Math.Max(path, 0);
        return map;
    }

    private void Add(Part part, float[] piece, ConeBeam beam)
    {
        int row0 = int.MaxValue, row1 = 0;
        foreach (var rod in part.Rods)
        {
            var (from, to) = Cut(rod, piece, beam);
            (row0, row1) = (Math.Min(row0, from), Math.Max(row1, to));
        }

        int columns = Width * Fine;
        var sign = part.Hole ? -1f : 1f;
        for (var row = row0; row < row1; row++)
        {
            var source = piece.AsSpan(row * columns, columns);
            var target = PathMm.AsSpan(row * columns, columns);
            var elements = Elements.AsSpan(row / Fine * Width, Width);
            for (var x = 0; x < columns; x++)
            {
                var path = source[x];
                if (path <= 0) continue;
                target[x] += sign * path;
                source[x] = 0;
                ref var element = ref elements[x / Fine];
                if (!part.Hole && path > 0.3f && part.Element > element) element = part.Element;
            }
        }
    }

    /// <summary>Writes the longest path into <paramref name="piece"/>; returns the rows touched.</summary>
    private (int From, int To) Cut(in Rod rod, float[] piece, ConeBeam beam)
    {
        Vec start = beam.ToFilm(rod.Start), end = beam.ToFilm(rod.End);
        var length = (end - start).Length;
        var axis = (end - start).Unit;
        // Mirroring the patient mirrors what is turned about the axis too.
        var reference = beam.ToFilm(rod.Reference);
        reference = (reference - axis * reference.Dot(axis)).Unit;
        var across = axis.Cross(reference) * beam.Mirror;
        var source = new Vec(beam.Source.X, beam.Source.Y, -beam.SourceMm);
        var fromStart = source - start;

        double pitch = beam.PitchMm / Fine;
        double originX = (Left - beam.HeadColumn) * beam.PitchMm + pitch / 2, originY = (Top - beam.HeadRow) * beam.PitchMm + pitch / 2;
        var (sx, sy) = beam.Shadow(start);
        var (ex, ey) = beam.Shadow(end);
        // Flat ends of a tilted rod reach over the shadow of the axis.
        var nearer = beam.SourceMm / (beam.SourceMm + Math.Min(start.Z, end.Z));
        var reach = rod.Section.ReachMm * Math.Max(1.15, 1.05 * nearer) + pitch;
        int columns = Width * Fine, rows = Height * Fine;
        var row0 = Math.Clamp((int)Math.Floor((Math.Min(sy, ey) - reach - originY) / pitch), 0, rows);
        var row1 = Math.Clamp((int)Math.Ceiling((Math.Max(sy, ey) + reach - originY) / pitch), 0, rows);
        double dx = ex - sx, dy = ey - sy;
        double shadow = Math.Sqrt(dx * dx + dy * dy) + 1e-9, normalX = -dy / shadow, normalY = dx / shadow;
        for (var row = row0; row < row1; row++)
        {
            // Columns whose distance from the shadow of the axis is within reach.
            var y = originY + row * pitch;
            double low = Math.Min(sx, ex) - reach, high = Math.Max(sx, ex) + reach;
            if (Math.Abs(normalX) > 1e-6)
            {
                var middle = sx - (y - sy) * normalY / normalX;
                var half = reach / Math.Abs(normalX);
                (low, high) = (Math.Max(low, middle - half), Math.Min(high, middle + half));
            }

            var column0 = Math.Clamp((int)Math.Floor((low - originX) / pitch), 0, columns);
            var column1 = Math.Clamp((int)Math.Ceiling((high - originX) / pitch), 0, columns);
            for (var column = column0; column < column1; column++)
            {
                // Point of the ray nearest to the axis, and the section's plane there.
                var ray = new Vec(originX + column * pitch, y) - source;
                var normal = ray.Cross(axis);
                double square = normal.Dot(normal), size = Math.Sqrt(square);
                var along = ray.Dot(axis);
                double onAxis = fromStart.Dot(axis), onRay = fromStart.Dot(ray);
                var offset = fromStart.Dot(normal) / size;
                if (Math.Abs(offset) > reach) continue;
                var place = onAxis + along * (along * onAxis - onRay) / square;
                var chord = rod.Section.Chord(offset, normal.Dot(reference) / size, normal.Dot(across) / size, place);
                if (chord <= 0) continue;

                // Part of the chord between the flat ends.
                var slant = chord * Math.Abs(along) / size;
                var inside = slant < 1e-6
                    ? place >= 0 && place <= length ? 1 : 0
                    : (Math.Min(place + slant / 2, length) - Math.Max(place - slant / 2, 0)) / slant;
                if (inside <= 0) continue;
                var path = (float)(chord * Math.Sqrt(ray.Dot(ray)) / size * Math.Min(inside, 1));
                ref var cell = ref piece[row * columns + column];
                if (path > cell) cell = path;
            }
        }

        return (row0, row1);
    }
}
