using System.Numerics;
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
        for (var row = row0; row < row1; row++)
        {
            var elements = Elements.AsSpan(row / Fine * Width, Width);
            for (var x = column0; x < column1; x += Vector256<float>.Count)
            {
                var at = row * columns + x;
                var found = Vector256.Create(piece, at);
                if (found == Vector256<float>.Zero) continue;
                // What a vector reaches into the next row stays for it.
                var path = found & Vector256.LessThan(Vector256<float>.Indices, Vector256.Create((float)(columns - x)));
                (found - path).CopyTo(piece, at);
                (Vector256.Create(PathMm, at) + path * sign).CopyTo(PathMm, at);
                if (flag == 0) continue;
                for (var seen = Vector256.GreaterThan(path, Vector256.Create(SeenMm)).ExtractMostSignificantBits(); seen != 0; seen &= seen - 1)
                    elements[(x + BitOperations.TrailingZeroCount(seen)) / Fine] |= flag;
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
        // Rays by their points in the plane of the hip, some 100 mm from the rod: reckoned from the source, 1000 mm away, floats were too coarse.
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
        float axisX = (float)axis.X, axisY = (float)axis.Y, axisZ = (float)axis.Z, step = (float)pitch, rayZ = (float)beam.SourceMm, z = (float)-start.Z;
        Vector256<float> zero = Vector256<float>.Zero, half = Vector256.Create(0.5f), lengths = Vector256.Create((float)length), reaches = Vector256.Create((float)reach);
        Vector256<float> rayStart = Vector256.Create((float)(originX - beam.Source.X)), hereStart = Vector256.Create((float)(originX - start.X));
        for (var row = row0; row < row1; row++)
        {
            // Columns whose distance from the shadow of the axis is within reach.
            var y = originY + row * pitch;
            double low = Math.Min(sx, ex) - reach, high = Math.Max(sx, ex) + reach;
            if (Math.Abs(normalX) > 1e-6)
            {
                var middle = sx - (y - sy) * normalY / normalX;
                var width = reach / Math.Abs(normalX);
                (low, high) = (Math.Max(low, middle - width), Math.Min(high, middle + width));
            }

            var column0 = Math.Clamp((int)Math.Floor((low - originX) / pitch), 0, columns);
            var column1 = Math.Clamp((int)Math.Ceiling((high - originX) / pitch), 0, columns);
            (first, last) = (Math.Min(first, column0), Math.Max(last, column1));
            float rayY = (float)(y - beam.Source.Y), hereY = (float)(y - start.Y);
            Vector256<float> normalXs = Vector256.Create(rayY * axisZ - rayZ * axisY), rayZByX = Vector256.Create(rayZ * axisX), rayYByX = Vector256.Create(rayY * axisX);
            Vector256<float> alongStart = Vector256.Create(rayY * axisY + rayZ * axisZ), placeStart = Vector256.Create(hereY * axisY + z * axisZ);
            Vector256<float> onRayStart = Vector256.Create(hereY * rayY + z * rayZ), raySquare = Vector256.Create(rayY * rayY + rayZ * rayZ);
            for (var column = column0; column < column1; column += Vector256<float>.Count)
            {
                // Point of each ray nearest to the axis, and the section's plane there.
                var at = Vector256.Create((float)column) + Vector256<float>.Indices;
                Vector256<float> ray = rayStart + at * step, here = hereStart + at * step;
                Vector256<float> normalYs = rayZByX - ray * axisZ, normalZs = ray * axisY - rayYByX;
                var square = normalXs * normalXs + normalYs * normalYs + normalZs * normalZs;
                var perSize = Vector256<float>.One / Vector256.Sqrt(square);
                var offset = (normalXs * here + normalYs * hereY + normalZs * z) * perSize;
                var isNear = Vector256.LessThanOrEqual(Vector256.Abs(offset), reaches) & Vector256.LessThan(at, Vector256.Create((float)column1));
                if (isNear == zero) continue;
                var along = ray * axisX + alongStart;
                var onAxis = here * axisX + placeStart;
                var onRay = here * ray + onRayStart;
                var place = onAxis + along * (along * onAxis - onRay) * (perSize * perSize);
                var chord = rod.Section.Chord(offset, Dot(reference, normalXs, normalYs, normalZs) * perSize, Dot(across, normalXs, normalYs, normalZs) * perSize, place);

                // Part of the chord between the flat ends: without what lies before the start and behind the end.
                var perSlant = Vector256<float>.One / Vector256.Max(chord * Vector256.Abs(along) * perSize, Vector256.Create(1e-6f));
                var inside = Vector256<float>.One - Vector256.Max(half - place * perSlant, zero) - Vector256.Max(half - (lengths - place) * perSlant, zero);
                var isMetal = isNear & Vector256.GreaterThan(chord, zero) & Vector256.GreaterThan(inside, zero);
                if (isMetal == zero) continue;
                var path = Vector256.ConditionalSelect(isMetal, chord * Vector256.Sqrt(ray * ray + raySquare) * perSize * inside, zero);
                var cell = row * columns + column;
                Vector256.Max(path, Vector256.Create(piece, cell)).CopyTo(piece, cell);
            }
        }

        return (row0, row1, first, last);

        static Vector256<float> Dot(Vec vec, Vector256<float> x, Vector256<float> y, Vector256<float> z) => x * (float)vec.X + y * (float)vec.Y + z * (float)vec.Z;
    }
}
