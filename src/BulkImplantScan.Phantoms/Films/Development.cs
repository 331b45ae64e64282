using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>From the detector's signal to stored values: noise, enhancement, curve, and what the header says of them.</summary>
internal sealed class Development
{
    private const int CurveSteps = 16384;
    private const double Pad = 0.4; // of the shown range, kept on both sides in logarithmic stored values
    private const int TableBits = 12;

    private readonly Technique _technique;
    private readonly Collimator _field;
    private readonly int _cell;
    private readonly int _columns;
    private readonly int _rows;
    private readonly float[] _log;
    private readonly float[] _mask;
    private readonly float _middle;
    private readonly float _low;
    private readonly float _high;
    private readonly double _steepness;
    private readonly Room _room;

    /// <summary>Works out enhancement and exposure index from the coarse film.</summary>
    public Development(Technique technique, Draw draw, float[] logSignal, Anatomy.AnatomyMap grid, Collimator field, IReadOnlyList<Ratio> ratios, Room room)
    {
        _room = room;
        (_technique, _field, _cell, _columns, _rows, _log) = (technique, field, grid.Cell, grid.Columns, grid.Rows, logSignal);
        _steepness = draw.Uniform(3.6, 5.2);
        (_low, _middle, _high) = Span(logSignal, grid, field);

        var cells = _columns * _rows;
        var whole = room.Any(cells);
        logSignal.AsSpan(0, cells).CopyTo(whole);
        foreach (var ratio in ratios) AddTo(whole, ratio);
        // Air saturates the detector; unsharp masks must not see how far.
        var ceiling = _high + 0.8f;
        foreach (ref var value in Vectors(whole, cells)) value = Vector256.Min(value, Vector256.Create(ceiling));
        var cellMm = _cell * technique.PitchMm;
        _mask = room.Zeros(cells);
        AddBlurred(whole, technique.EdgeMm / cellMm, (float)technique.EdgeGain, 1);
        AddBlurred(whole, technique.DetailMm / cellMm, (float)technique.DetailGain, Math.Max((int)(technique.DetailMm / cellMm / 4), 1));
        AddBlurred(whole, 45 / cellMm, (float)technique.Equalisation, Math.Max((int)(45 / cellMm / 6), 1));
        var even = Vector256.Create((float)technique.Equalisation * _middle);
        foreach (ref var value in Vectors(_mask, cells)) value -= even;
        Gain = 1 + (float)(technique.EdgeGain + technique.DetailGain);
        // White is where thick metal lies (only scatter), black where the thin rim of the body does.
        var white = _middle + 1.1 * Math.Log(technique.Scatter / (1 + technique.Scatter)) - 0.25;
        var black = _middle + (_high - _middle) * (1 - 0.6 * technique.Equalisation) * 0.75 + 0.25;
        double centre = (white + black) / 2 + technique.Brightness * (black - white), half = (black - white) / 2 * technique.Latitude;
        (_low, _high) = ((float)(centre - half), (float)(centre + half));
    }

    private float Gain { get; }

    /// <summary>Stored values.</summary>
    public ushort[] Develop(ulong seed, IReadOnlyList<Ratio> ratios, Grid? grid)
    {
        var t = _technique;
        int width = t.Columns, height = t.Rows;
        var stored = GC.AllocateUninitializedArray<ushort>(width * height);
        var curve = StoredByStep();
        var pixelMm2 = t.PitchMm * t.PitchMm;
        float quanta = (float)(t.QuantaPerMm2 * pixelMm2), electronic = (float)(t.ElectronicQuantaPerMm2 * pixelMm2);
        // Correlation of the noise by the detector's blur, one pixel each way.
        var side = (float)Math.Clamp(0.25 * t.BlurMm / t.PitchMm, 0, 0.25);
        var padded = (width + 2 + 7) / 8 * 8;
        float[] log = new float[padded], mask = new float[padded], line = new float[_columns];
        float[][] grain = [new float[padded], new float[padded], new float[padded]];
        float[] down = new float[padded], noise = new float[padded];
        for (var row = -1; row < 1; row++) Grain.Fill(grain[(row + 3) % 3].AsSpan(0, width + 2), seed, row + 1);

        Vector256<float> one = Vector256.Create(quanta), two = Vector256.Create(electronic), middle = Vector256.Create(_middle);
        float toStep = CurveSteps / (float)((1 + 2 * Pad) * (_high - _low));
        float startLog = (float)(_high + Pad * (_high - _low));
        for (var row = 0; row < height; row++)
        {
            Grain.Fill(grain[(row + 1) % 3].AsSpan(0, width + 2), seed, row + 2);
            Field.Enlarge(_log, _columns, _rows, _cell, row, line, log.AsSpan(0, width));
            Field.Enlarge(_mask, _columns, _rows, _cell, row, line, mask.AsSpan(0, width));
            foreach (var ratio in ratios)
            {
                if (row < ratio.Top || row >= ratio.Top + ratio.Height) continue;
                Field.Add(log.AsSpan(ratio.Left, ratio.Width), ratio.Log.AsSpan((row - ratio.Top) * ratio.Width, ratio.Width), ratio.Width);
            }

            grid?.AddTo(log.AsSpan(0, width), row);
            Mix(grain[(row + 2) % 3], grain[row % 3], grain[(row + 1) % 3], side, down);
            MixAcross(down, side, noise, width);
            var logs = MemoryMarshal.Cast<float, Vector256<float>>(log.AsSpan());
            var masks = MemoryMarshal.Cast<float, Vector256<float>>(mask);
            var noises = MemoryMarshal.Cast<float, Vector256<float>>(noise);
            for (var i = 0; i < logs.Length; i++)
            {
                // Relative noise of Q quanta plus electronic variance E: sqrt(1/Q + E/Q²), in the logarithm as it is.
                var inverse = Elementary.Exp(middle - logs[i]) / one;
                var sigma = Vector256.Sqrt(inverse + inverse * inverse * two);
                var value = (logs[i] + sigma * noises[i]) * Gain - masks[i];
                logs[i] = (Vector256.Create(startLog) - value) * toStep;
            }

            var line2 = stored.AsSpan(row * width, width);
            for (var x = 0; x < line2.Length; x++) line2[x] = curve[(int)Math.Clamp(log[x], 0f, CurveSteps - 1)];
            if (_field.Shutter) Shut(line2, (row + 0.5) * t.PitchMm - height * t.PitchMm / 2, curve[0]);
        }

        return stored;
    }

    private void Shut(Span<ushort> line, double y, ushort black)
    {
        var middle = line.Length / 2.0;
        var (from, to) = _field.Row(y);
        var left = (int)Math.Clamp(middle + (from + 0.4) / _technique.PitchMm, 0, line.Length);
        var right = (int)Math.Clamp(middle + (to - 0.4) / _technique.PitchMm, left, line.Length);
        line[..left].Fill(black);
        line[right..].Fill(black);
    }

    /// <summary>What the header must say, and the same compiled.</summary>
    public (Look Look, GrayscaleTransform Transform) Describe(Look look)
    {
        var t = _technique;
        var most = (1 << t.Bits) - 1;
        double centre = (most + 1) / 2.0, width = Math.Round(most / (1 + 2 * Pad));
        look = look with { Curve = t.Curve, WindowCenter = centre, WindowWidth = width };
        switch (t.Curve)
        {
            case Curve.Baked:
                return (look, GrayscaleTransform.Linear(0, most, t.Monochrome1));
            case Curve.Window:
                return (look, GrayscaleTransform.Linear((float)(centre - 0.5 - (width - 1) / 2), (float)(centre - 0.5 + (width - 1) / 2), t.Monochrome1));
            case Curve.Sigmoid:
                var sigmoid = new float[most + 1];
                for (var x = 0; x <= most; x++) sigmoid[x] = Shown((float)(1 / (1 + Math.Exp(-4 * (x - centre) / width))));
                return (look, GrayscaleTransform.FromTable(0, sigmoid));
            default:
                var table = new ushort[most + 1];
                var shown = new float[most + 1];
                for (var x = 0; x <= most; x++)
                {
                    table[x] = (ushort)Math.Round(S((x / (double)most * (1 + 2 * Pad)) - Pad) * ((1 << TableBits) - 1));
                    shown[x] = Shown(table[x] / (float)((1 << TableBits) - 1));
                }

                return (look with { Table = table }, GrayscaleTransform.FromTable(0, shown));
        }

        float Shown(float value) => t.Monochrome1 ? 1 - value : value;
    }

    /// <summary>Low, middle and high of the logarithmic signal where the body is in the field.</summary>
    private (float Low, float Middle, float High) Span(float[] logSignal, Anatomy.AnatomyMap grid, Collimator field)
    {
        const int Steps = 400; // of 0.05 from −18
        Span<int> counts = stackalloc int[Steps];
        var total = 0;
        double cellMm = _cell * _technique.PitchMm, middleX = _technique.Columns * _technique.PitchMm / 2, middleY = _technique.Rows * _technique.PitchMm / 2;
        for (var row = 0; row < _rows; row += 3)
        {
            for (var column = 0; column < _columns; column += 3)
            {
                var at = row * _columns + column;
                if (grid.SoftMm[at] < 50 || field.Inside((column + 0.5) * cellMm - middleX, (row + 0.5) * cellMm - middleY) < 3) continue;
                counts[Math.Clamp((int)((logSignal[at] + 18) * 20), 0, Steps - 1)]++;
                total++;
            }
        }

        if (total == 0) return (-6, -4.5f, -3);
        return (At(counts, 0.04), At(counts, 0.5), At(counts, 0.95));

        float At(Span<int> counts, double share)
        {
            var left = share * total;
            for (var i = 0; i < Steps; i++)
            {
                left -= counts[i];
                if (left <= 0) return i * 0.05f - 18;
            }

            return 0;
        }
    }

    private void AddTo(float[] coarse, Ratio ratio)
    {
        var scale = 1f / (_cell * _cell);
        for (var y = 0; y < ratio.Height; y++)
        {
            var target = coarse.AsSpan((y + ratio.Top) / _cell * _columns, _columns);
            var source = ratio.Log.AsSpan(y * ratio.Width, ratio.Width);
            if (_cell == 1)
            {
                Field.Add(target[ratio.Left..], source, ratio.Width);
                continue;
            }

            for (var x = 0; x < source.Length; x++)
                if (source[x] != 0) target[(x + ratio.Left) / _cell] += source[x] * scale;
        }
    }

    /// <summary>Whole vectors over so many values of an array of the film's <see cref="Room"/>.</summary>
    private static Span<Vector256<float>> Vectors(float[] values, int length) =>
        MemoryMarshal.Cast<float, Vector256<float>>(values.AsSpan(0, length + Room.Slack - 1));

    private void AddBlurred(float[] field, double sigmaCells, float gain, int block)
    {
        if (gain <= 0) return;
        var small = Field.Shrink(field, _columns, _rows, block, _room, out _, out _);
        int wide = (_columns + block - 1) / block, high = (_rows + block - 1) / block;
        if (wide < 2 || high < 2) return;
        Field.Smooth(small, wide, high, sigmaCells / block, _room);
        float[] line = new float[wide], row = new float[_columns];
        for (var y = 0; y < _rows; y++)
        {
            Field.Enlarge(small, wide, high, block, y, line, row);
            Field.Add(_mask.AsSpan(y * _columns, _columns), row, _columns, gain);
        }

        _room.Return(small);
    }

    private ushort[] StoredByStep()
    {
        var most = (1 << _technique.Bits) - 1;
        var curve = new ushort[CurveSteps];
        for (var step = 0; step < CurveSteps; step++)
        {
            var share = (step + 0.5) / CurveSteps * (1 + 2 * Pad) - Pad; // 0 … 1 is what is shown
            var value = _technique.Curve == Curve.Baked ? S(share) : (share + Pad) / (1 + 2 * Pad);
            var stored = (int)Math.Clamp(value * most + 0.5, 0, most);
            curve[step] = (ushort)(_technique.Monochrome1 ? most - stored : stored);
        }

        return curve;
    }

    /// <summary>S-shaped curve from 0 at and below −<see cref="Pad"/> to 1.</summary>
    private double S(double share)
    {
        double Logistic(double x) => 1 / (1 + Math.Exp(-_steepness * (x - 0.5)));
        double low = Logistic(-0.35), high = Logistic(1.35);
        return Math.Clamp((Logistic(share) - low) / (high - low), 0, 1);
    }

    private static void Mix(float[] above, float[] here, float[] below, float side, float[] target)
    {
        var a = MemoryMarshal.Cast<float, Vector256<float>>(above);
        var b = MemoryMarshal.Cast<float, Vector256<float>>(here);
        var c = MemoryMarshal.Cast<float, Vector256<float>>(below);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target.AsSpan());
        for (var i = 0; i < to.Length; i++) to[i] = (a[i] + c[i]) * side + b[i] * (1 - 2 * side);
    }

    private static void MixAcross(float[] source, float side, float[] target, int width)
    {
        // Pixel x lies at x + 1 in the row of grain.
        var x = 0;
        for (; x + 10 <= source.Length; x += 8)
        {
            ((Vector256.Create<float>(source.AsSpan(x)) + Vector256.Create<float>(source.AsSpan(x + 2))) * side
                + Vector256.Create<float>(source.AsSpan(x + 1)) * (1 - 2 * side)).CopyTo(target.AsSpan(x));
        }

        for (; x < width; x++) target[x] = (source[x] + source[x + 2]) * side + source[x + 1] * (1 - 2 * side);
    }
}
