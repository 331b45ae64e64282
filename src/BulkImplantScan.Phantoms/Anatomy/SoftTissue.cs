using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>Trunk, thighs, fat under the skin and gas in the bowel.</summary>
internal sealed class SoftTissue
{
    private readonly Patient _patient;
    private readonly ConeBeam _beam;
    private readonly AnatomyMap _map;
    private readonly float _shiftX;
    private readonly float _shiftY;
    private readonly Bubble[] _gas;

    /// <summary>Draws texture and gas.</summary>
    /// <param name="p">Whose.</param>
    /// <param name="beam">From where.</param>
    /// <param name="map">Onto what.</param>
    /// <param name="draw">Random numbers.</param>
    /// <param name="loops">Of the second edition: gas lies in loops of bowel; null for single bubbles.</param>
    public SoftTissue(Patient p, ConeBeam beam, AnatomyMap map, Draw draw, Draw? loops)
    {
        (_patient, _beam, _map) = (p, beam, map);
        (_shiftX, _shiftY) = ((float)draw.Uniform(0, 256), (float)draw.Uniform(0, 256));
        _gas = new Bubble[draw.Whole(2, 9)];
        foreach (ref var bubble in _gas.AsSpan())
        {
            var side = draw.Chance(0.6) ? 0 : 1; // rectum and sigmoid in the middle, colon over the wing
            bubble = new(side == 0 ? p.MidlineX + draw.Uniform(-38, 38) : p.MidlineX + draw.Uniform(60, 105) * draw.Pick(-1, 1),
                side == 0 ? draw.Uniform(-75, 5) : draw.Uniform(-170, -95), draw.Uniform(6, 17), draw.Uniform(5, 13), draw.Uniform(8, 30));
        }

        if (loops is not null) _gas = [.. _gas.SelectMany(bubble => Loop(bubble, loops))];
    }

    private readonly record struct Bubble(double X, double Y, double RadiusX, double RadiusY, double Depth);

    /// <summary>A stretch of bowel: haustra side by side along an arc.</summary>
    private static Bubble[] Loop(Bubble first, Draw draw)
    {
        var bubbles = new Bubble[draw.Whole(1, 6)];
        double heading = draw.Uniform(0, 2 * Math.PI), bend = draw.Uniform(-0.5, 0.5), x = first.X, y = first.Y;
        for (var i = 0; i < bubbles.Length; i++)
        {
            double size = draw.Uniform(0.65, 1.15), step = 0.95 * Math.Min(first.RadiusX, first.RadiusY);
            bubbles[i] = new(x, y, first.RadiusX * size, first.RadiusY * size, first.Depth * draw.Uniform(0.5, 0.9));
            (x, y, heading) = (x + step * Math.Cos(heading), y + step * Math.Sin(heading), heading + bend);
        }

        return bubbles;
    }

    /// <summary>Writes the path through it into <see cref="AnatomyMap.SoftMm"/>.</summary>
    public void Lay()
    {
        var columns = _map.Columns;
        // Whole vectors: what lies behind the last column is worked out and left.
        var length = columns + Room.Slack;
        float[] x = new float[length], y = new float[length], soft = new float[length];
        for (var row = 0; row < _map.Rows; row++)
        {
            Fill(row, x, y, soft);
            foreach (var bubble in _gas) Empty(bubble, row, x, y, soft);
            var target = _map.SoftMm.AsSpan(row * columns, columns);
            for (var column = 0; column < columns; column++) target[column] = Math.Max(soft[column], 0);
        }
    }

    /// <summary>Places of the row's cells in the patient's frame, and how deep the body is there, fat as the muscle that attenuates as much.</summary>
    private void Fill(int row, float[] xs, float[] ys, float[] soft)
    {
        var p = _patient;
        var (sin, cos) = Math.SinCos(_beam.Turn);
        var fy = ((row + 0.5) * _map.Cell - _beam.HeadRow) * _beam.PitchMm;
        float cellMm = (float)(_map.Cell * _beam.PitchMm), midline = (float)p.MidlineX, outwards = (float)p.ShaftAxis.X * 0.85f, fat = (float)p.FatMm;
        float byCos = (float)(cos * _beam.Mirror), bySin = (float)sin;
        Vector256<float> fySin = Vector256.Create((float)(fy * sin * _beam.Mirror)), fyCos = Vector256.Create((float)(fy * cos));
        Vector256<float> zero = Vector256<float>.Zero, one = Vector256<float>.One, start = Vector256.Create((float)((0.5 * _map.Cell - _beam.HeadColumn) * _beam.PitchMm));
        Vector256<float> shiftX = Vector256.Create(_shiftX), shiftY = Vector256.Create(_shiftY);
        for (var column = 0; column < _map.Columns; column += Vector256<float>.Count)
        {
            var fx = start + (Vector256.Create((float)column) + Vector256<float>.Indices) * cellMm;
            Vector256<float> x = fx * byCos + fySin, y = fyCos - fx * bySin;
            var fold = Vector256.Abs(x - Vector256.Create(midline));
            var width = (one - Lanes.Clamp(y * (-1f / 150), 0, 1.1f) * 0.13f) * (float)p.TrunkHalfWidth;
            var thigh = Vector256.Create((float)(-p.MidlineX + p.Base.X - 6)) + (y - Vector256.Create((float)p.Base.Y)) * outwards;
            var crotch = Vector256.Create((float)p.Crotch) + fold * 0.018f * fold;
            var fromThigh = fold - thigh;

            // An ellipse that ends round below the hip, and thighs that grow out of it.
            var end = Lanes.Clamp((y - crotch + Vector256.Create(110f)) * (1f / 110), 0, 1);
            var round = Vector256.Sqrt(one - end * end);
            var grown = Lanes.Clamp((y - crotch + Vector256.Create(150f)) * (1f / 130), 0, 1);
            var outer = Body(fold / width, (float)p.TrunkDepth, fromThigh, (float)p.ThighRadius);
            var inner = Body(fold / (width - Vector256.Create(fat)), (float)(p.TrunkDepth - 1.5 * p.FatMm), fromThigh, (float)(p.ThighRadius - p.FatMm * 0.8));
            // Muscle and bowel are not quite even.
            var factor = one + Texture.At(shiftX + x * 0.045f, shiftY + y * 0.03f) * 0.010f
                + Texture.At(shiftY + x * 0.15f - y * 0.05f, shiftX + y * 0.06f) * 0.006f;
            (((outer - inner) * 0.84f + inner) * factor).CopyTo(soft, column);
            x.CopyTo(xs, column);
            y.CopyTo(ys, column);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            Vector256<float> Body(Vector256<float> trunk, float depth, Vector256<float> from, float thighRadius)
            {
                var trunkMm = Vector256.ConditionalSelect(
                    Vector256.LessThan(trunk, one), Vector256.Sqrt(one - trunk * trunk * Vector256.Sqrt(trunk)) * depth * round, zero);
                var square = Vector256.Create(thighRadius * thighRadius) - from * from;
                var isThigh = Vector256.GreaterThan(square, zero) & Vector256.GreaterThan(grown, zero);
                var thighMm = Vector256.Sqrt(square) * 1.9f * grown * grown * (Vector256.Create(3f) - grown * 2);
                // Square root of squares twice: a soft maximum without a crease.
                Vector256<float> a = trunkMm * trunkMm, b = thighMm * thighMm;
                var both = Vector256.Sqrt(Vector256.Sqrt(a * a + b * b));
                return Vector256.ConditionalSelect(isThigh, Vector256.ConditionalSelect(Vector256.Equals(trunkMm, zero), thighMm, both), trunkMm);
            }
        }
    }

    private void Empty(Bubble bubble, int row, float[] xs, float[] ys, float[] soft)
    {
        // Beyond √2.7 radii the texture cannot make up for the distance.
        var centre = _beam.ToFilm(new(bubble.X, bubble.Y));
        double reach = 1.65 * Math.Max(bubble.RadiusX, bubble.RadiusY) + 0.01, cellMm = _map.Cell * _beam.PitchMm;
        if (Math.Abs(((row + 0.5) * _map.Cell - _beam.HeadRow) * _beam.PitchMm - centre.Y) > reach) return;
        var middle = (centre.X + _beam.HeadColumn * _beam.PitchMm) / cellMm;
        var from = (int)Math.Clamp(middle - reach / cellMm - 1, 0, _map.Columns);
        var to = (int)Math.Clamp(middle + reach / cellMm + 2, 0, _map.Columns);
        for (var column = from; column < to; column++)
        {
            double dx = (xs[column] - bubble.X) / bubble.RadiusX, dy = (ys[column] - bubble.Y) / bubble.RadiusY;
            if (dx * dx + dy * dy > 2.7) continue;
            var level = dx * dx + dy * dy + 0.25 * Texture.At(_shiftX + xs[column] * 0.12f, _shiftY + ys[column] * 0.12f);
            if (level < 1) soft[column] -= (float)(bubble.Depth * Math.Sqrt(1 - Math.Max(level, 0)));
        }
    }
}
