using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Films;

/// <summary>Lines of a grid that stood still: finer than the pixels, so that what is seen is their beat with them.</summary>
internal sealed class Grid
{
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly double _radiansPerRow;
    private readonly double _depth;

    private Grid(Technique technique, double linesPerMm, double turn, double depth)
    {
        // A pixel averages over its width.
        var perPixel = linesPerMm * technique.PitchMm * Math.PI;
        _depth = depth * Math.Sin(perPixel) / perPixel;
        _radiansPerRow = 2 * perPixel * Math.Sin(turn);
        _cos = new float[technique.Columns + Room.Slack];
        _sin = new float[technique.Columns + Room.Slack];
        for (var column = 0; column < technique.Columns; column++)
        {
            var (sin, cos) = Math.SinCos(2 * perPixel * Math.Cos(turn) * column);
            (_cos[column], _sin[column]) = ((float)cos, (float)sin);
        }
    }

    /// <summary>Draws one; on most films it moves and is not seen.</summary>
    public static Grid? Draw(Draw draw, Technique technique)
    {
        double lines = draw.Uniform(4, 7), turn = draw.Normal(0, 0.01), depth = draw.Uniform(0.01, 0.04);
        return draw.Chance(0.25) ? new(technique, lines, turn, depth) : null;
    }

    /// <summary>Adds the lines to a row of logarithmic signal.</summary>
    public void AddTo(Span<float> log, int row)
    {
        var (sin, cos) = Math.SinCos(_radiansPerRow * row);
        float byCos = (float)(_depth * cos), bySin = (float)(-_depth * sin);
        for (var x = 0; x + Vector256<float>.Count <= log.Length; x += Vector256<float>.Count)
            (Vector256.Create<float>(log[x..]) + Vector256.Create(_cos, x) * byCos + Vector256.Create(_sin, x) * bySin).CopyTo(log[x..]);
        for (var x = log.Length / Vector256<float>.Count * Vector256<float>.Count; x < log.Length; x++) log[x] += _cos[x] * byCos + _sin[x] * bySin;
    }
}
