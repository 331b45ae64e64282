using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Phantoms.Anatomy;
using BulkImplantScan.Phantoms.Physics;
using BulkImplantScan.Phantoms.Solids;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>The signal behind the patient on the coarse grid, and what metal makes of it on the pixels.</summary>
internal sealed class Exposure
{
    private const double ScatterCellMm = 5;
    private const double MetalStepMm = 0.05;

    private readonly AnatomyMap _anatomy;
    private readonly Technique _technique;
    private readonly Beam _spectrum;
    private readonly float[] _primaryShare;
    private readonly Room _room;

    /// <summary>Exposes a patient without metal.</summary>
    public Exposure(AnatomyMap anatomy, Technique technique, Beam spectrum, Collimator field, Room room)
    {
        (_anatomy, _technique, _spectrum, _room) = (anatomy, technique, spectrum, room);
        int columns = anatomy.Columns, rows = anatomy.Rows, cells = columns * rows;
        var primary = Transmit(anatomy, spectrum, room.Any(cells));
        double cellMm = anatomy.Cell * technique.PitchMm, middleX = technique.Columns * technique.PitchMm / 2, middleY = technique.Rows * technique.PitchMm / 2;
        var edge = Math.Max(middleX, middleY);
        for (var row = 0; row < rows; row++)
        {
            var y = (row + 0.5) * cellMm - middleY;
            var heel = 1 + technique.Heel * y / edge;
            field.Dim(primary.AsSpan(row * columns, columns), heel, cellMm, middleX, y);
        }

        var block = Math.Max((int)(ScatterCellMm / cellMm), 1);
        var scatter = Field.Shrink(primary, columns, rows, block, room, out var wide, out var high);
        // Open air scatters nothing; only its primary passes, and would flood the rim of the body.
        var soft = Field.Shrink(anatomy.SoftMm, columns, rows, block, room, out _, out _);
        for (var i = 0; i < wide * high; i++) scatter[i] *= Math.Min(soft[i] / 80, 1);
        Field.Smooth(scatter, wide, high, technique.ScatterSigmaMm / (block * cellMm), room);

        _primaryShare = room.Any(cells);
        LogSignal = room.Any(cells);
        float[] line = new float[wide], enlarged = new float[columns + Room.Slack];
        for (var row = 0; row < rows; row++)
        {
            Field.Enlarge(scatter, wide, high, block, row, line, enlarged.AsSpan(0, columns));
            for (var column = 0; column < columns; column += Vector256<float>.Count)
            {
                var at = row * columns + column;
                var direct = Vector256.Create(primary, at);
                var signal = direct + Vector256.Create(enlarged, column) * (float)technique.Scatter + Vector256.Create(1e-6f);
                (direct / signal).CopyTo(_primaryShare, at);
                Elementary.Log(signal).CopyTo(LogSignal, at);
            }
        }
    }

    /// <summary>Natural logarithm of the signal, 0 = open beam, on the coarse grid.</summary>
    public float[] LogSignal { get; }

    /// <summary>What a device leaves of the signal, blurred as focus and detector blur it; null without metal on the film.</summary>
    public Ratio? Behind(MetalMap map, Metal metal)
    {
        if (map.Width == 0) return null;
        // Bins side by side in a vector; what is left of it has no weight.
        var perMm = _spectrum.MetalPerMm(metal);
        var factors = new Vector256<float>[(int)(map.LongestMm / MetalStepMm) + 2];
        // Metal takes the place of soft tissue.
        var softer = Bins(_spectrum.SoftPerMm) - Bins(perMm);
        for (var step = 0; step < factors.Length; step++) factors[step] = Elementary.Exp(softer * (float)(step * MetalStepMm));

        var ratio = _room.Any(map.Width * map.Height);
        ratio.AsSpan(0, map.Width * map.Height).Fill(1);
        Vector256<float> weight = Bins(_spectrum.Weight), soft = Bins(_spectrum.SoftPerMm), bone = Bins(_spectrum.BonePerMm), behind = default;
        int fine = map.Fine, fineColumns = map.Width * fine;
        var perSub = 1f / (fine * fine);
        for (var row = 0; row < map.Height; row++)
        {
            var lastCell = -1;
            var perSum = 0f;
            var paths = map.PathMm.AsSpan(row * fine * fineColumns, fine * fineColumns);
            for (var column = 0; column < map.Width; column++)
            {
                var longest = 0f;
                for (var v = 0; v < fine; v++)
                    foreach (var path in paths.Slice(v * fineColumns + column * fine, fine)) longest = Math.Max(longest, path);
                if (longest == 0) continue;
                var at = (row + map.Top) / _anatomy.Cell * _anatomy.Columns + (column + map.Left) / _anatomy.Cell;
                if (at != lastCell)
                {
                    lastCell = at;
                    behind = weight * Elementary.Exp(-soft * _anatomy.SoftMm[at] - bone * _anatomy.BoneMm[at]);
                    perSum = perSub / Lanes.Sum(behind);
                }

                var factor = Vector256<float>.Zero;
                for (var v = 0; v < fine; v++)
                    foreach (var path in paths.Slice(v * fineColumns + column * fine, fine)) factor += factors[(int)(path * (float)(1 / MetalStepMm) + 0.5f)];
                var share = _primaryShare[at];
                ratio[row * map.Width + column] = share * (Lanes.Sum(behind * factor) * perSum) + 1 - share;
            }
        }

        Blur(ratio, map.Width, map.Height, _technique.BlurMm / _technique.PitchMm);
        ToLog(ratio, map.Width * map.Height);
        return new(map.Left, map.Top, map.Width, map.Height, ratio);
    }

    /// <summary>What the lead marker leaves of the signal; null when there is none.</summary>
    public Ratio? Behind(Marker lead)
    {
        var (strokes, halfStrokeMm) = (lead.Strokes, lead.HalfStrokeMm);
        if (strokes.Count == 0) return null;
        double pitch = _technique.PitchMm, middleX = _technique.Columns * pitch / 2, middleY = _technique.Rows * pitch / 2;
        var reach = halfStrokeMm + 4 * pitch;
        var left = (int)Math.Clamp((strokes.Min(s => Math.Min(s.X0, s.X1)) - reach + middleX) / pitch, 0, _technique.Columns);
        var right = (int)Math.Clamp((strokes.Max(s => Math.Max(s.X0, s.X1)) + reach + middleX) / pitch, 0, _technique.Columns);
        var top = (int)Math.Clamp((strokes.Min(s => Math.Min(s.Y0, s.Y1)) - reach + middleY) / pitch, 0, _technique.Rows);
        var bottom = (int)Math.Clamp((strokes.Max(s => Math.Max(s.Y0, s.Y1)) + reach + middleY) / pitch, 0, _technique.Rows);
        if (right <= left || bottom <= top) return null;
        var ratio = _room.Any((right - left) * (bottom - top));
        ratio.AsSpan(0, (right - left) * (bottom - top)).Fill(1);
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                double x = (column + 0.5) * pitch - middleX, y = (row + 0.5) * pitch - middleY, nearest = double.MaxValue;
                foreach (var (x0, y0, x1, y1) in strokes)
                {
                    double dx = x1 - x0, dy = y1 - y0;
                    var share = Math.Clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1);
                    double ox = x - x0 - share * dx, oy = y - y0 - share * dy;
                    nearest = Math.Min(nearest, ox * ox + oy * oy);
                }

                var cover = (float)Math.Clamp((halfStrokeMm - Math.Sqrt(nearest)) / pitch + 0.5, 0, 1);
                if (cover <= 0) continue;
                // Lead lies on the cassette: it stops the scatter as well.
                ratio[(row - top) * (right - left) + column - left] = 1 - 0.93f * cover;
            }
        }

        Blur(ratio, right - left, bottom - top, _technique.BlurMm / pitch);
        ToLog(ratio, (right - left) * (bottom - top));
        return new(left, top, right - left, bottom - top, ratio);
    }

    private static Vector256<float> Bins(ReadOnlySpan<float> values)
    {
        Span<float> eight = stackalloc float[Vector256<float>.Count];
        values.CopyTo(eight);
        return Vector256.Create<float>(eight);
    }

    /// <summary>Natural logarithms in place; of 1, where nothing is, exactly 0.</summary>
    private static void ToLog(float[] values, int length)
    {
        foreach (ref var value in MemoryMarshal.Cast<float, Vector256<float>>(values.AsSpan(0, length + Room.Slack - 1))) value = Elementary.Log(value);
    }

    private static float[] Transmit(AnatomyMap anatomy, Beam spectrum, float[] signal)
    {
        var cells = anatomy.Columns * anatomy.Rows;
        var softMm = MemoryMarshal.Cast<float, Vector256<float>>(anatomy.SoftMm.AsSpan(0, cells));
        var boneMm = MemoryMarshal.Cast<float, Vector256<float>>(anatomy.BoneMm.AsSpan(0, cells));
        var sums = MemoryMarshal.Cast<float, Vector256<float>>(signal.AsSpan(0, cells));
        for (var i = 0; i < sums.Length; i++)
        {
            var sum = Vector256<float>.Zero;
            for (var bin = 0; bin < Beam.Bins; bin++)
                sum += Elementary.Exp(softMm[i] * -spectrum.SoftPerMm[bin] - boneMm[i] * spectrum.BonePerMm[bin]) * spectrum.Weight[bin];
            sums[i] = sum;
        }

        for (var i = sums.Length * 8; i < cells; i++)
            signal[i] = (float)spectrum.Transmission(anatomy.SoftMm[i], anatomy.BoneMm[i], Metal.None, 0);
        return signal;
    }

    /// <summary>Gaussian of a standard deviation up to about two pixels, both ways, in place.</summary>
    private void Blur(float[] values, int columns, int rows, double sigmaPixels)
    {
        if (sigmaPixels < 0.25) return;
        var half = Math.Min((int)Math.Ceiling(2.5 * sigmaPixels), 5);
        var kernel = new float[2 * half + 1];
        for (var i = -half; i <= half; i++) kernel[i + half] = (float)Math.Exp(-i * i / (2 * sigmaPixels * sigmaPixels));
        var total = kernel.Sum();
        for (var i = 0; i < kernel.Length; i++) kernel[i] /= total;

        var across = _room.Zeros(columns * rows);
        for (var row = 0; row < rows; row++)
        {
            var source = values.AsSpan(row * columns, columns);
            var target = across.AsSpan(row * columns, columns);
            for (var i = -half; i <= half; i++)
            {
                var weight = kernel[i + half];
                int from = Math.Max(-i, 0), to = Math.Min(columns - i, columns);
                // A map may be narrower than the kernel: a device of which the film has only an edge.
                if (from < to) Accumulate(target[from..to], source[(from + i)..(to + i)], weight);
                for (var x = 0; x < Math.Min(from, columns); x++) target[x] += weight * source[0];
                for (var x = Math.Max(to, 0); x < columns; x++) target[x] += weight * source[^1];
            }
        }

        values.AsSpan(0, columns * rows).Clear();
        for (var row = 0; row < rows; row++)
        {
            for (var i = -half; i <= half; i++)
                Accumulate(values.AsSpan(row * columns, columns), across.AsSpan(Math.Clamp(row + i, 0, rows - 1) * columns, columns), kernel[i + half]);
        }

        _room.Return(across);
    }

    private static void Accumulate(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        var targets = MemoryMarshal.Cast<float, Vector256<float>>(target);
        var sources = MemoryMarshal.Cast<float, Vector256<float>>(source);
        for (var i = 0; i < targets.Length; i++) targets[i] += sources[i] * weight;
        for (var i = targets.Length * 8; i < target.Length; i++) target[i] += source[i] * weight;
    }
}
