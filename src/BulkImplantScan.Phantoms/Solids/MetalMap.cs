using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Solids;

/// <summary>Path length through metal for each sub-pixel of a box of the film, and which element it belongs to.</summary>
internal sealed class MetalMap
{
    private const int MarginPixels = 6;
    private const float SeenMm = 0.3f; // less metal than this is not seen

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

    /// <summary>Longest of them.</summary>
    public float LongestMm { get; private set; }

    /// <summary>Elements behind each pixel, Height rows of Width: the sum of 1 screws, 2 shaft, 4 head element; holes count as metal.</summary>
    public byte[] Elements { get; private init; } = [];

    /// <summary>Cuts every part with the rays of the film.</summary>
    public static MetalMap Cut(IReadOnlyList<Part> parts, ConeBeam beam, Room room)
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
        var length = width * fine * height * fine;
        var map = new MetalMap
        {
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            Fine = fine,
            PathMm = room.Zeros(length),
            Elements = new byte[width * height],
        };
        var piece = room.Zeros(length);
        foreach (var part in parts) map.Add(part, piece, beam);
        room.Return(piece);
        var longest = Vector256<float>.Zero;
        foreach (ref var path in MemoryMarshal.Cast<float, Vector256<float>>(map.PathMm.AsSpan(0, length + Room.Slack)))
        {
            path = Vector256.Max(path, Vector256<float>.Zero);
            longest = Vector256.Max(longest, path);
        }

        for (var lane = 0; lane < Vector256<float>.Count; lane++) map.LongestMm = Math.Max(map.LongestMm, longest[lane]);
        return map;
    }

    /// <summary><see cref="Elements"/> without those that a hole has taken away.</summary>
    public byte[] ElementsSeen()
    {
        var seen = (byte[])Elements.Clone();
        for (var pixel = 0; pixel < seen.Length; pixel++)
        {
            if (seen[pixel] == 0) continue;
            var most = 0f;
            for (var sub = 0; sub < Fine; sub++)
                foreach (var path in PathMm.AsSpan((pixel / Width * Fine + sub) * Width * Fine + pixel % Width * Fine, Fine)) most = Math.Max(most, path);
            if (most <= SeenMm) seen[pixel] = 0;
        }

        return seen;
    }

    private void Add(Part part, float[] piece, ConeBeam beam)
    {
        int row0 = int.MaxValue, row1 = 0, column0 = int.MaxValue, column1 = 0;
        foreach (var rod in part.Rods)
        {
            var touched = Cut(rod, piece, beam);
            (row0, row1) = (Math.Min(row0, touched.Row0), Math.Max(row1, touched.Row1));
            (column0, column1) = (Math.Min(column0, touched.Column0), Math.Max(column1, touched.Column1));
        }

        if (column0 >= column1) return;
        var columns = Width * Fine;
        var sign = part.Hole ? -1f : 1f;
        var flag = (byte)(part.Hole ? 0 : (int)part.Element);
        // Whole pixels, so that none is asked twice which element it is.
        column0 = column0 / Fine * Fine;
        for (var row = row0; row < row1; row++)
        {
            var source = piece.AsSpan(row * columns, columns)[column0..column1];
            var target = PathMm.AsSpan(row * columns, columns)[column0..column1];
            var elements = Elements.AsSpan(row / Fine * Width, Width)[(column0 / Fine)..];
            for (int x = 0, pixel = 0, sub = 0; x < source.Length; x++)
            {
                var path = source[x];
                if (path > 0)
                {
                    target[x] += sign * path;
                    source[x] = 0;
                    if (path > SeenMm) elements[pixel] |= flag;
                }

                if (++sub == Fine) (pixel, sub) = (pixel + 1, 0);
            }
        }
    }

    /// <summary>Writes the longest path into <paramref name="piece"/>; returns the box touched.</summary>
    private (int Row0, int Row1, int Column0, int Column1) Cut(in Rod rod, float[] piece, ConeBeam beam)
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
        int first = columns, last = 0;
        var onAxis = fromStart.Dot(axis);
        Vector256<double> zero = Vector256<double>.Zero, one = Vector256<double>.One, lengths = Vector256.Create(length);
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
            (first, last) = (Math.Min(first, column0), Math.Max(last, column1));
            double rayY = y - source.Y, rayZ = 0 - source.Z;
            Vector256<double> normalXs = Vector256.Create(rayY * axis.Z - rayZ * axis.Y), rayZByX = Vector256.Create(rayZ * axis.X), rayYByX = Vector256.Create(rayY * axis.X);
            for (var column = column0; column < column1; column += Vector256<double>.Count)
            {
                // Point of each ray nearest to the axis, and the section's plane there.
                var at = Vector256.Create((double)column) + Lanes.Doubles;
                var ray = Vector256.Create(originX) + at * pitch - Vector256.Create(source.X);
                Vector256<double> normalYs = rayZByX - ray * axis.Z, normalZs = ray * axis.Y - rayYByX;
                Vector256<double> square = normalXs * normalXs + normalYs * normalYs + normalZs * normalZs, size = Vector256.Sqrt(square);
                var offset = Dot(fromStart, normalXs, normalYs, normalZs) / size;
                var isNear = Vector256.LessThanOrEqual(Vector256.Abs(offset), Vector256.Create(reach)) & Vector256.LessThan(at, Vector256.Create((double)column1));
                if (isNear == zero) continue;
                var along = ray * axis.X + Vector256.Create(rayY * axis.Y) + Vector256.Create(rayZ * axis.Z);
                var onRay = ray * fromStart.X + Vector256.Create(fromStart.Y * rayY) + Vector256.Create(fromStart.Z * rayZ);
                var place = Vector256.Create(onAxis) + along * (along * onAxis - onRay) / square;
                var chord = rod.Section.Chord(
                    offset, Dot(reference, normalXs, normalYs, normalZs) / size, Dot(across, normalXs, normalYs, normalZs) / size, place);

                // Part of the chord between the flat ends.
                var slant = chord * Vector256.Abs(along) / size;
                var upright = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(place, zero) & Vector256.LessThanOrEqual(place, lengths), one, zero);
                var tilted = (Vector256.Min(place + slant / 2, lengths) - Vector256.Max(place - slant / 2, zero)) / slant;
                var inside = Vector256.ConditionalSelect(Vector256.LessThan(slant, Vector256.Create(1e-6)), upright, tilted);
                var isMetal = isNear & Vector256.GreaterThan(chord, zero) & Vector256.GreaterThan(inside, zero);
                if (isMetal == zero) continue;
                var rayLength = Vector256.Sqrt(ray * ray + Vector256.Create(rayY * rayY) + Vector256.Create(rayZ * rayZ));
                var path = Vector256.ConditionalSelect(isMetal, chord * rayLength / size * Vector256.Min(inside, one), zero);
                var cell = row * columns + column;
                Vector128.Max(Vector128.Narrow(path.GetLower(), path.GetUpper()), Vector128.Create<float>(piece.AsSpan(cell))).CopyTo(piece.AsSpan(cell));
            }
        }

        return (row0, row1, first, last);

        static Vector256<double> Dot(Vec vec, Vector256<double> x, Vector256<double> y, Vector256<double> z) => x * vec.X + y * vec.Y + z * vec.Z;
    }
}
