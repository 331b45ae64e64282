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

    /// <summary>Lays the patient over the film.</summary>
    public static AnatomyMap Lay(Patient patient, Skeleton skeleton, Solids.ConeBeam beam, int cell, ulong seed)
    {
        // One cell more than the film needs, so that interpolation has a neighbour everywhere.
        int columns = (beam.Columns + cell - 1) / cell + 1, rows = (beam.Rows + cell - 1) / cell + 1;
        var map = new AnatomyMap
        {
            Cell = cell,
            Columns = columns,
            Rows = rows,
            SoftMm = new float[columns * rows],
            BoneMm = new float[columns * rows],
        };
        var draw = new Draw(seed, "tissue");
        map.LaySoft(patient, beam, draw);
        map.LayBone(skeleton.Sacrum, patient, beam, draw, 0.12, 0.5, 0);
        map.LayBone(skeleton.Pelvis, patient, beam, draw, 0.22, 0.8, patient.HeadRadius + 3.2);
        map.LayBone(skeleton.Femur, patient, beam, draw, 0.20, 1, 0);
        foreach (var ridge in skeleton.Ridges) map.LayRidge(ridge, patient, beam);
        return map;
    }

    private (double X, double Y) Place(Solids.ConeBeam beam, int column, int row) =>
        (((column + 0.5) * Cell - beam.HeadColumn) * beam.PitchMm, ((row + 0.5) * Cell - beam.HeadRow) * beam.PitchMm);

    private void LaySoft(Patient p, Solids.ConeBeam beam, Draw draw)
    {
        float shiftX = (float)draw.Uniform(0, 256), shiftY = (float)draw.Uniform(0, 256);
        var gas = new (double X, double Y, double RadiusX, double RadiusY, double Depth)[draw.Whole(2, 9)];
        foreach (ref var bubble in gas.AsSpan())
        {
            var side = draw.Chance(0.6) ? 0 : 1; // rectum and sigmoid in the middle, colon over the wing
            bubble = (side == 0 ? p.MidlineX + draw.Uniform(-38, 38) : p.MidlineX + draw.Uniform(60, 105) * draw.Pick(-1, 1),
                side == 0 ? draw.Uniform(-75, 5) : draw.Uniform(-170, -95), draw.Uniform(6, 17), draw.Uniform(5, 13), draw.Uniform(8, 30));
        }

        var (sin, cos) = Math.SinCos(beam.Turn);
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (fx, fy) = Place(beam, column, row);
                double x = beam.Mirror * (fx * cos + fy * sin), y = fy * cos - fx * sin;
                var fold = Math.Abs(x - p.MidlineX);
                var width = p.TrunkHalfWidth * (1 - 0.13 * Math.Clamp(-y / 150, 0, 1.1));
                var thigh = -p.MidlineX + p.Base.X - 6 + p.ShaftAxis.X * (y - p.Base.Y) * 0.85;
                var outer = Body(fold, width, p.TrunkDepth, fold - thigh, p.ThighRadius, y, p.Crotch + 0.018 * fold * fold);
                var inner = Body(fold, width - p.FatMm, p.TrunkDepth - 1.5 * p.FatMm, fold - thigh, p.ThighRadius - p.FatMm * 0.8, y, p.Crotch + 0.018 * fold * fold);
                if (outer == 0 && inner == 0) continue; // air
                var soft = 0.84 * (outer - inner) + inner;
                float px = (float)x, py = (float)y;
                soft *= 1 + 0.010f * Texture.At(shiftX + px * 0.045f, shiftY + py * 0.03f) + 0.006f * Texture.At(shiftY + px * 0.15f - py * 0.05f, shiftX + py * 0.06f);
                foreach (var bubble in gas)
                {
                    double dx = (x - bubble.X) / bubble.RadiusX, dy = (y - bubble.Y) / bubble.RadiusY;
                    if (dx * dx + dy * dy > 2.7) continue; // the texture cannot make up for that
                    var level = dx * dx + dy * dy + 0.25 * Texture.At(shiftX + px * 0.12f, shiftY + py * 0.12f);
                    if (level < 1) soft -= bubble.Depth * Math.Sqrt(1 - Math.Max(level, 0));
                }

                SoftMm[row * Columns + column] = (float)Math.Max(soft, 0);
            }
        }
    }

    /// <summary>Depth of the body: an ellipse that ends round below the hip, and thighs that grow out of it.</summary>
    private static double Body(double fold, double halfWidth, double depth, double fromThigh, double thighRadius, double y, double crotch)
    {
        var trunk = fold / halfWidth;
        var end = Math.Clamp((y - crotch + 110) / 110, 0, 1);
        var trunkMm = trunk < 1 ? depth * Math.Sqrt(1 - trunk * trunk * Math.Sqrt(trunk)) * Math.Sqrt(1 - end * end) : 0;
        var grown = Math.Clamp((y - crotch + 150) / 130, 0, 1);
        var square = thighRadius * thighRadius - fromThigh * fromThigh;
        if (square <= 0 || grown == 0) return trunkMm;
        var thighMm = 1.9 * Math.Sqrt(square) * grown * grown * (3 - 2 * grown);
        if (trunkMm == 0) return thighMm;
        // Square root of squares twice: a soft maximum without a crease.
        double a = trunkMm * trunkMm, b = thighMm * thighMm;
        return Math.Sqrt(Math.Sqrt(a * a + b * b));
    }

    private void LayBone(Bone bone, Patient p, Solids.ConeBeam beam, Draw draw, double trabecular, double texture, double socketMm)
    {
        // The outline as fields on a wide grid: distances interpolate well, and shapes are dear.
        int across = (int)(Columns * Cell * beam.PitchMm / FieldMm) + 2, down = (int)(Rows * Cell * beam.PitchMm / FieldMm) + 2;
        var field = new (float Inside, float Relief, float Cortex)[across * down];
        var (sin, cos) = Math.SinCos(beam.Turn);
        for (var j = 0; j < down; j++)
        {
            for (var i = 0; i < across; i++)
            {
                double fx = i * FieldMm - beam.HeadColumn * beam.PitchMm, fy = j * FieldMm - beam.HeadRow * beam.PitchMm;
                double x = beam.Mirror * (fx * cos + fy * sin), y = fy * cos - fx * sin;
                ref var at = ref field[j * across + i];
                at = bone.At(p.MidlineX + Math.Abs(x - p.MidlineX), y);
                // Far outside, the next points are outside too: distances grow by little more than the step.
                var skip = (int)((Bone.Outside - at.Inside) / (1.25 * FieldMm));
                for (; skip > 0 && i + 1 < across; skip--) field[j * across + ++i] = (Bone.Outside, 1, 1);
            }
        }

        float shiftX = (float)draw.Uniform(0, 256), shiftY = (float)draw.Uniform(0, 256);
        var step = (float)(Cell * beam.PitchMm / FieldMm);
        var share = (float)(trabecular * p.BoneDensity);
        var cortexFactor = (float)(0.7 + 0.3 * p.BoneDensity);
        float fineX = (float)(Cell * beam.PitchMm / 0.8), stretch = 0.15f * fineX, patch = 0.27f * fineX;
        for (var row = 0; row < Rows; row++)
        {
            var v = Math.Min((row + 0.5f) * step, down - 1.001f);
            var j = (int)v;
            v -= j;
            for (var column = 0; column < Columns; column++)
            {
                var u = Math.Min((column + 0.5f) * step, across - 1.001f);
                var i = (int)u;
                u -= i;
                ref readonly var a = ref field[j * across + i];
                ref readonly var b = ref field[j * across + i + 1];
                ref readonly var c = ref field[(j + 1) * across + i];
                ref readonly var d = ref field[(j + 1) * across + i + 1];
                var top = a.Inside + u * (b.Inside - a.Inside);
                var inside = top + v * (c.Inside + u * (d.Inside - c.Inside) - top);
                if (inside <= 0) continue;
                top = a.Relief + u * (b.Relief - a.Relief);
                var relief = top + v * (c.Relief + u * (d.Relief - c.Relief) - top);
                top = a.Cortex + u * (b.Cortex - a.Cortex);
                var cortex = (top + v * (c.Cortex + u * (d.Cortex - c.Cortex) - top)) * cortexFactor;
                var whole = Relief(inside, relief);
                var marrow = inside > cortex ? Relief(inside - cortex, relief - cortex) : 0;
                // Coarse and fine patches, and two families of trabeculae that cross.
                var grain = 0.7f * Texture.At(shiftX + column * fineX, shiftY + row * fineX) + 0.8f * Texture.At(shiftY + column * patch, shiftX + row * patch)
                    + 0.45f * Texture.At(shiftX + (column + 0.5f * row) * fineX, shiftY + (row - 0.5f * column) * stretch)
                    + 0.45f * Texture.At(shiftY + (column - 0.8f * row) * fineX, shiftX + (row + 0.8f * column) * stretch);
                var solid = (whole - marrow) + marrow * share * (1 + 0.19f * (float)texture * grain);
                var at = row * Columns + column;
                if (socketMm > 0)
                {
                    // The socket: half of the bone in front of and behind the head is missing.
                    var (fx, fy) = Place(beam, column, row);
                    double x = p.MidlineX + Math.Abs(beam.Mirror * (fx * cos + fy * sin) - p.MidlineX), y = fy * cos - fx * sin;
                    var depth = Math.Clamp((socketMm - Math.Sqrt(x * x + y * y)) / 1.5, 0, 1);
                    var above = Math.Clamp(0.6 - y / socketMm, 0, 1); // below, the posterior wall hides it
                    solid *= (float)(1 - 0.45 * depth * above);
                }

                BoneMm[at] += solid;
                SoftMm[at] -= whole - marrow * (1 - share); // marrow counts as soft tissue
            }
        }

        static float Relief(float inside, float radius) =>
            inside >= radius ? 2 * radius : 2 * MathF.Sqrt(inside * (2 * radius - inside));
    }

    private void LayRidge(Ridge ridge, Patient p, Solids.ConeBeam beam)
    {
        // Both sides of the body: the outline as drawn, and folded.
        foreach (var folded in (ReadOnlySpan<bool>)[false, true])
        {
            var cellMm = Cell * beam.PitchMm;
            var points = new double[ridge.Points.Length];
            double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9;
            for (var i = 0; i < points.Length; i += 2)
            {
                var at = beam.ToFilm(new(folded ? 2 * p.MidlineX - ridge.Points[i] : ridge.Points[i], ridge.Points[i + 1]));
                (points[i], points[i + 1]) = (at.X, at.Y);
                (x0, x1, y0, y1) = (Math.Min(x0, at.X), Math.Max(x1, at.X), Math.Min(y0, at.Y), Math.Max(y1, at.Y));
            }

            var reach = 3 * ridge.SigmaMm;
            var column0 = (int)Math.Clamp((x0 - reach + beam.HeadColumn * beam.PitchMm) / cellMm, 0, Columns);
            var column1 = (int)Math.Clamp((x1 + reach + beam.HeadColumn * beam.PitchMm) / cellMm + 1, 0, Columns);
            var row0 = (int)Math.Clamp((y0 - reach + beam.HeadRow * beam.PitchMm) / cellMm, 0, Rows);
            var row1 = (int)Math.Clamp((y1 + reach + beam.HeadRow * beam.PitchMm) / cellMm + 1, 0, Rows);
            for (var row = row0; row < row1; row++)
            {
                for (var column = column0; column < column1; column++)
                {
                    var (x, y) = Place(beam, column, row);
                    var nearest = double.MaxValue;
                    var end = 1.0;
                    for (var i = 2; i < points.Length; i += 2)
                    {
                        double dx = points[i] - points[i - 2], dy = points[i + 1] - points[i - 1];
                        var place = ((x - points[i - 2]) * dx + (y - points[i - 1]) * dy) / (dx * dx + dy * dy);
                        var share = Math.Clamp(place, 0, 1);
                        double ox = x - points[i - 2] - share * dx, oy = y - points[i - 1] - share * dy;
                        var square = ox * ox + oy * oy;
                        if (square >= nearest) continue;
                        nearest = square;
                        // Fades in over the first and out over the last stretch.
                        end = Math.Min(i == 2 ? share : 1, i == points.Length - 2 ? 1 - share : 1);
                    }

                    if (nearest > reach * reach) continue;
                    ref var bone = ref BoneMm[row * Columns + column];
                    bone = Math.Max(bone + (float)(ridge.PathMm * p.BoneDensity * Math.Exp(-nearest / (2 * ridge.SigmaMm * ridge.SigmaMm)) * Math.Min(end * 1.5, 1)), 0);
                }
            }
        }
    }
}
