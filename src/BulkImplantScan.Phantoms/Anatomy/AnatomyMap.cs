using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>Path length through soft tissue and cortical bone for each cell of a coarse grid over the film.</summary>
internal sealed class AnatomyMap
{
    private const double FieldMm = 2.5;

    /// <summary>Film pixels a cell, along each side.</summary>
    public required int Cell { get; init; }

    /// <summary>Cells across.</summary>
    public required int Columns { get; init; }

    /// <summary>Cells down.</summary>
    public required int Rows { get; init; }

    /// <summary>Soft tissue in mm (fat and marrow as the soft tissue that attenuates as much at 50 keV).</summary>
    public required float[] SoftMm { get; init; }

    /// <summary>Cortical bone in mm.</summary>
    public required float[] BoneMm { get; init; }

    /// <summary>Even tissue without bone.</summary>
    public static AnatomyMap Flat(double softMm, ConeBeam beam, int cell, Room room)
    {
        var map = New(beam, cell, room);
        map.SoftMm.AsSpan(0, map.Columns * map.Rows).Fill((float)softMm);
        return map;
    }

    /// <summary>Lays the patient over the film.</summary>
    /// <param name="patient">Who.</param>
    /// <param name="skeleton">His bones.</param>
    /// <param name="otherInjuries">Injuries of the other hip; null for those of this one, mirrored, as they are on an AP hip film.</param>
    /// <param name="detail">What the second edition adds; null in the first.</param>
    /// <param name="tracks">Of a device that was taken out of this hip.</param>
    /// <param name="beam">From where.</param>
    /// <param name="cell">Film pixels a cell.</param>
    /// <param name="seed">Of the film.</param>
    /// <param name="room">Memory.</param>
    public static AnatomyMap Lay(
        Patient patient, Skeleton skeleton, IReadOnlyList<Ridge>? otherInjuries, Detail? detail, IReadOnlyList<Ridge> tracks, ConeBeam beam, int cell, ulong seed, Room room)
    {
        var map = New(beam, cell, room);
        var draw = new Draw(seed, "tissue");
        new SoftTissue(patient, beam, map, draw, detail is null ? null : new(seed, "loops")).Lay();
        foreach (var plane in detail?.Planes ?? []) map.LayRidge(plane, 1, map.SoftMm, patient, beam, [false, true]);
        map.LayBone(skeleton.Sacrum, patient, beam, draw, 0.12, 0.5, 0, hasCanal: false);
        map.LayBone(skeleton.Pelvis, patient, beam, draw, 0.22, 0.8, patient.HeadRadius + 3.2, hasCanal: false);
        map.LayBone(skeleton.Femur, patient, beam, draw, 0.20, 1, 0, hasCanal: detail is not null);
        foreach (var ridge in skeleton.Ridges.Concat(detail?.Bones ?? [])) map.LayRidge(ridge, patient.BoneDensity, map.BoneMm, patient, beam, [false, true]);
        foreach (var ridge in skeleton.Injuries) map.LayRidge(ridge, patient.BoneDensity, map.BoneMm, patient, beam, otherInjuries is null ? [false, true] : [false]);
        foreach (var ridge in otherInjuries ?? []) map.LayRidge(ridge, patient.BoneDensity, map.BoneMm, patient, beam, [true]);
        foreach (var ridge in tracks.Concat(detail?.OneSided ?? [])) map.LayRidge(ridge, patient.BoneDensity, map.BoneMm, patient, beam, [false]);
        return map;
    }

    private static AnatomyMap New(ConeBeam beam, int cell, Room room)
    {
        // One cell more than the film needs, so that interpolation has a neighbour everywhere.
        int columns = (beam.Columns + cell - 1) / cell + 1, rows = (beam.Rows + cell - 1) / cell + 1;
        return new()
        {
            Cell = cell,
            Columns = columns,
            Rows = rows,
            SoftMm = room.Any(columns * rows),
            BoneMm = room.Zeros(columns * rows),
        };
    }

    private (double X, double Y) Place(ConeBeam beam, int column, int row) =>
        (((column + 0.5) * Cell - beam.HeadColumn) * beam.PitchMm, ((row + 0.5) * Cell - beam.HeadRow) * beam.PitchMm);

    private void LayBone(Bone bone, Patient p, ConeBeam beam, Draw draw, double trabecular, double texture, double socketMm, bool hasCanal)
    {
        // The outline as fields on a wide grid: distances interpolate well, and shapes are dear.
        int across = (int)(Columns * Cell * beam.PitchMm / FieldMm) + 2, down = (int)(Rows * Cell * beam.PitchMm / FieldMm) + 2;
        var length = across * down + Room.Slack;
        float[] insides = new float[length], reliefs = new float[length], cortices = new float[length];
        var (sin, cos) = Math.SinCos(beam.Turn);
        for (var j = 0; j < down; j++)
        {
            double fx = -beam.HeadColumn * beam.PitchMm, fy = j * FieldMm - beam.HeadRow * beam.PitchMm;
            // From the midline, and down, of the row's first place; and from place to place.
            float startX = (float)(beam.Mirror * (fx * cos + fy * sin) - p.MidlineX), startY = (float)(fy * cos - fx * sin);
            float stepX = (float)(beam.Mirror * FieldMm * cos), stepY = (float)(-FieldMm * sin);
            for (var i = 0; i < across;)
            {
                var places = Vector256.Create((float)i) + Vector256<float>.Indices;
                var x = Vector256.Abs(Vector256.Create(startX) + places * stepX) + Vector256.Create((float)p.MidlineX);
                var (inside, relief, cortex) = bone.At(x, Vector256.Create(startY) + places * stepY);
                var at = j * across + i;
                inside.CopyTo(insides, at);
                relief.CopyTo(reliefs, at);
                cortex.CopyTo(cortices, at);
                i += Vector256<float>.Count;
                // Far outside, the next places are outside too: distances grow by little more than the step.
                var skipped = Math.Min((int)((Bone.Outside - inside[Vector256<float>.Count - 1]) / (1.25 * FieldMm)), across - i);
                if (skipped <= 0) continue;
                at = j * across + i;
                insides.AsSpan(at, skipped).Fill(Bone.Outside);
                reliefs.AsSpan(at, skipped).Fill(1);
                cortices.AsSpan(at, skipped).Fill(1);
                i += skipped;
            }
        }

        float shiftX = (float)draw.Uniform(0, 256), shiftY = (float)draw.Uniform(0, 256);
        var step = (float)(Cell * beam.PitchMm / FieldMm);
        var share = (float)(trabecular * p.BoneDensity);
        var cortexFactor = (float)(0.7 + 0.3 * p.BoneDensity);
        float fineX = (float)(Cell * beam.PitchMm / 0.8), stretch = 0.15f * fineX, patch = 0.27f * fineX;
        Vector256<float> shiftsX = Vector256.Create(shiftX), shiftsY = Vector256.Create(shiftY), half = Vector256.Create(0.5f), one = Vector256<float>.One;
        for (var row = 0; row < Rows; row++)
        {
            var v = Math.Min((row + 0.5f) * step, down - 1.001f);
            var j = (int)v;
            v -= j;
            for (var column = 0; column < Columns; column += Vector256<float>.Count)
            {
                var columns = Vector256.Create((float)column) + Vector256<float>.Indices;
                var u = Vector256.Min((columns + half) * step, Vector256.Create(across - 1.001f));
                var i = Vector256.ConvertToInt32Native(u);
                u -= Vector256.ConvertToSingle(i);
                var inside = At(insides, i, u, j, v);
                var isInside = Vector256.GreaterThan(inside, Vector256<float>.Zero) & Vector256.LessThan(columns, Vector256.Create((float)Columns));
                if (isInside == Vector256<float>.Zero) continue;
                var relief = At(reliefs, i, u, j, v);
                var cortex = At(cortices, i, u, j, v) * cortexFactor;
                var whole = Relief(inside, relief);
                var marrow = Vector256.ConditionalSelect(Vector256.GreaterThan(inside, cortex), Relief(inside - cortex, relief - cortex), Vector256<float>.Zero);
                // Coarse and fine patches, and two families of trabeculae that cross.
                var rows = Vector256.Create((float)row);
                var grain = Texture.At(shiftsX + columns * fineX, shiftsY + rows * fineX) * 0.7f + Texture.At(shiftsY + columns * patch, shiftsX + rows * patch) * 0.8f
                    + Texture.At(shiftsX + (columns + half * row) * fineX, shiftsY + (rows - half * columns) * stretch) * 0.45f
                    + Texture.At(shiftsY + (columns - rows * 0.8f) * fineX, shiftsX + (rows + columns * 0.8f) * stretch) * 0.45f;
                var shares = Vector256.Create(share);
                if (hasCanal) shares *= Filled(columns, row, p, beam);
                var solid = (whole - marrow) + marrow * shares * (one + grain * (0.19f * (float)texture));
                if (socketMm > 0) solid = Socket(solid, column, row, p, beam, socketMm);
                var at = row * Columns + column;
                Vector256<float> bones = Vector256.Create(BoneMm, at), softs = Vector256.Create(SoftMm, at);
                Vector256.ConditionalSelect(isInside, bones + solid, bones).CopyTo(BoneMm, at);
                // Marrow counts as soft tissue.
                Vector256.ConditionalSelect(isInside, softs - (whole - marrow * (one - shares)), softs).CopyTo(SoftMm, at);
            }
        }

        Vector256<float> At(float[] field, Vector256<int> i, Vector256<float> u, int j, float v)
        {
            // Cells of a film of some hundred pixels are wider than the grid's steps.
            if (step >= 1)
            {
                ReadOnlySpan<float> here = field.AsSpan(j * across), below = field.AsSpan((j + 1) * across);
                return Between(Lanes.Gather(here, i), Lanes.Gather(here[1..], i), Lanes.Gather(below, i), Lanes.Gather(below[1..], i));
            }

            ref float upper = ref field[j * across + i[0]], lower = ref field[(j + 1) * across + i[0]];
            var near = i - Vector256.Create(i[0]);
            return Between(Lanes.Near(ref upper, near), Lanes.Near(ref Unsafe.Add(ref upper, 1), near), Lanes.Near(ref lower, near), Lanes.Near(ref Unsafe.Add(ref lower, 1), near));

            Vector256<float> Between(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
            {
                var top = a + u * (b - a);
                return top + (c + u * (d - c) - top) * v;
            }
        }

        static Vector256<float> Relief(Vector256<float> inside, Vector256<float> radius) => Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(inside, radius), radius * 2f, Vector256.Sqrt(inside * (radius * 2f - inside)) * 2f);
    }

    /// <summary>How much of the trabeculae is left: all of them at the hip, hardly any in the canal of the shaft.</summary>
    private Vector256<float> Filled(Vector256<float> columns, int row, Patient p, ConeBeam beam)
    {
        const float LeftMm = 28, EmptyMm = 95, InCanal = 0.2f;
        var (sin, cos) = Math.SinCos(beam.Turn);
        var fy = ((row + 0.5) * Cell - beam.HeadRow) * beam.PitchMm;
        var fx = (columns + Vector256.Create(0.5f)) * (float)(Cell * beam.PitchMm) - Vector256.Create((float)(beam.HeadColumn * beam.PitchMm));
        var x = (fx * (float)cos + Vector256.Create((float)(fy * sin))) * beam.Mirror;
        var y = Vector256.Create((float)(fy * cos)) - fx * (float)sin;
        x = Vector256.Abs(x - Vector256.Create((float)p.MidlineX)) + Vector256.Create((float)p.MidlineX);
        var below = (x - Vector256.Create((float)p.Base.X)) * (float)p.ShaftAxis.X + (y - Vector256.Create((float)p.Base.Y)) * (float)p.ShaftAxis.Y;
        var left = (Vector256.Create(EmptyMm) - below) / (EmptyMm - LeftMm);
        return Vector256.Max(Vector256.Min(left, Vector256<float>.One), Vector256.Create(InCanal));
    }

    /// <summary>Half of the bone in front of and behind the head is missing.</summary>
    private Vector256<float> Socket(Vector256<float> solid, int column, int row, Patient p, ConeBeam beam, double socketMm)
    {
        var (sin, cos) = Math.SinCos(beam.Turn);
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
        {
            var (fx, fy) = Place(beam, column + lane, row);
            double x = p.MidlineX + Math.Abs(beam.Mirror * (fx * cos + fy * sin) - p.MidlineX), y = fy * cos - fx * sin, square = x * x + y * y;
            if (square > (socketMm + 1) * (socketMm + 1))
            {
                // As far away, no cell before that distance is within it.
                var away = Math.Sqrt(square) - socketMm;
                lane += (int)Math.Clamp(away / (Cell * beam.PitchMm), 1, Vector256<float>.Count) - 1;
                continue;
            }

            var depth = Math.Clamp((socketMm - Math.Sqrt(square)) / 1.5, 0, 1);
            var above = Math.Clamp(0.6 - y / socketMm, 0, 1); // below, the posterior wall hides it
            solid = solid.WithElement(lane, solid[lane] * (float)(1 - 0.45 * depth * above));
        }

        return solid;
    }

    /// <summary>Adds a ridge to bone or soft tissue: as drawn, folded to the other side of the body, or both.</summary>
    private void LayRidge(Ridge ridge, double factor, float[] target, Patient p, ConeBeam beam, ReadOnlySpan<bool> folds)
    {
        var cellMm = Cell * beam.PitchMm;
        var reach = 3 * ridge.SigmaMm;
        var points = new double[ridge.Points.Length];
        Span<int> near = stackalloc int[points.Length / 2];
        Vector256<float> one = Vector256<float>.One, reachSquare = Vector256.Create((float)(reach * reach));
        float height = (float)(ridge.PathMm * factor), perSquare = (float)(-1 / (2 * ridge.SigmaMm * ridge.SigmaMm));
        foreach (var folded in folds)
        {
            double y0 = 1e9, y1 = -1e9;
            for (var i = 0; i < points.Length; i += 2)
            {
                var at = beam.ToFilm(new(folded ? 2 * p.MidlineX - ridge.Points[i] : ridge.Points[i], ridge.Points[i + 1]));
                (points[i], points[i + 1]) = (at.X, at.Y);
                (y0, y1) = (Math.Min(y0, at.Y), Math.Max(y1, at.Y));
            }

            var row0 = (int)Math.Clamp((y0 - reach + beam.HeadRow * beam.PitchMm) / cellMm, 0, Rows);
            var row1 = (int)Math.Clamp((y1 + reach + beam.HeadRow * beam.PitchMm) / cellMm + 1, 0, Rows);
            for (var row = row0; row < row1; row++)
            {
                // Only stretches that the row comes near.
                var count = 0;
                double rowY = Place(beam, 0, row).Y, x0 = 1e9, x1 = -1e9;
                for (var i = 2; i < points.Length; i += 2)
                {
                    double up = points[i + 1] - points[i - 1], over = points[i] - points[i - 2];
                    if (rowY < Math.Min(points[i - 1], points[i + 1]) - reach || rowY > Math.Max(points[i - 1], points[i + 1]) + reach) continue;
                    near[count++] = i;
                    // Of them, what lies within reach of the row.
                    double from = Math.Abs(up) < 0.1 ? 0 : (rowY - reach - points[i - 1]) / up, to = Math.Abs(up) < 0.1 ? 1 : (rowY + reach - points[i - 1]) / up;
                    double first = points[i - 2] + over * Math.Clamp(from, 0, 1), last = points[i - 2] + over * Math.Clamp(to, 0, 1);
                    (x0, x1) = (Math.Min(x0, Math.Min(first, last)), Math.Max(x1, Math.Max(first, last)));
                }

                var column0 = (int)Math.Clamp((x0 - reach + beam.HeadColumn * beam.PitchMm) / cellMm, 0, Columns);
                var column1 = (int)Math.Clamp((x1 + reach + beam.HeadColumn * beam.PitchMm) / cellMm + 1, 0, Columns);
                for (var column = column0; column < column1; column += Vector256<float>.Count)
                {
                    var columns = Vector256.Create((float)column) + Vector256<float>.Indices;
                    var x = columns * (float)cellMm + Vector256.Create((float)((0.5 * Cell - beam.HeadColumn) * beam.PitchMm));
                    Vector256<float> nearest = Vector256.Create(float.MaxValue), end = one;
                    foreach (var i in near[..count])
                    {
                        float dx = (float)(points[i] - points[i - 2]), dy = (float)(points[i + 1] - points[i - 1]), fromY = (float)(rowY - points[i - 1]);
                        var fromX = x - Vector256.Create((float)points[i - 2]);
                        var share = Lanes.Clamp((fromX * dx + Vector256.Create(fromY * dy)) * (1 / (dx * dx + dy * dy)), 0, 1);
                        Vector256<float> ox = fromX - share * dx, oy = Vector256.Create(fromY) - share * dy, square = ox * ox + oy * oy;
                        var isNearer = Vector256.LessThan(square, nearest);
                        nearest = Vector256.ConditionalSelect(isNearer, square, nearest);
                        // Fades in over the first and out over the last stretch.
                        var fade = Vector256.Min(i == 2 ? share : one, i == points.Length - 2 ? one - share : one);
                        end = Vector256.ConditionalSelect(isNearer, fade, end);
                    }

                    var isIn = Vector256.LessThanOrEqual(nearest, reachSquare) & Vector256.LessThan(columns, Vector256.Create((float)column1));
                    if (isIn == Vector256<float>.Zero) continue;
                    var place = row * Columns + column;
                    var path = Vector256.Create(target, place);
                    var higher = path + Elementary.Exp(nearest * perSquare) * Vector256.Min(end * 1.5f, one) * height;
                    Vector256.ConditionalSelect(isIn, Vector256.Max(higher, Vector256<float>.Zero), path).CopyTo(target, place);
                }
            }
        }
    }
}
