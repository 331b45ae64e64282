using System.Buffers;
using System.Numerics;

namespace BulkImplantScan.Imaging;

/// <summary>Finds borders in the pixels: bands along the edges of a film that were not exposed (collimator) or were filled
/// afterwards (shutter, padding, frame).</summary>
/// <remarks><code>
/// ░░░░░░░░░░░░░░   each line inwards leaves the border's level somewhere; a border ends in a straight line, so most
/// ░R░░░░░░░░░░░░   lines agree on one (a Hough vote over depth and tilt). Lines that cross text leave early, vote for
/// ╌╌╌╌╌╌╌╌╌╌╌╌╌╌   the text, come back, and vote for the edge too; skin and bone give votes that do not agree.
/// │ the field  │   What is cut lies before the line on its whole length: of a tilted border a wedge stays.
/// </code>
/// A band that is constant, or that lies at the bright end (unexposed) and is nearly so, may be a border; dark with noise is air.
/// Works on a grid of at most some 320 × 320 means of four pixels, then refines to the pixel. When in doubt nothing is cut.</remarks>
internal static class ImageBorder
{
    /// <summary>Largest border at one side, as a share of it: beyond, it may be anything.</summary>
    private const double LargestBorder = 0.4;

    /// <summary>Least part of the film's area that remains; when less would, nothing is cut.</summary>
    private const double LeastArea = 1.0 / 3;

    /// <summary>Narrower borders are not worth a guess; in pixels, and as a share of the side.</summary>
    private const int LeastPixels = 4;
    private const double LeastBorder = 1.0 / 256;

    /// <summary>How far a line must be from its level in the border to be out of it, as a share of the range of the film's middle
    /// (5 to 95 %).</summary>
    private const double Level = 0.06;

    /// <summary>Step at the border's edge, within two grid lines (some 2 mm), as a share of the same range.</summary>
    private const double Step = 0.12;

    /// <summary>Of the lines that leave the level at all, how many must do so at the edge.</summary>
    private const double AgreeingShare = 0.6;

    /// <summary>Of all lines, how many must do so: where air lies beside a black border there is no edge to see.</summary>
    private const double VotingShare = 0.3;

    /// <summary>The same for an unexposed border, which is never as dark as air.</summary>
    private const double UnexposedVotingShare = 0.5;

    /// <summary>Of the band, how much must be at the level: the rest is text.</summary>
    private const double BandShare = 0.8;

    /// <summary>Of the outermost grid lines, how many cells must have one value to call a border filled.</summary>
    private const double FilledShare = 0.6;

    /// <summary>A filling ends within so many pixels on either side of the edge, and half of what the field reaches further in (1/32
    /// of the side) is reached at once: skin rises slowly from air that has saturated the detector and looks as filled.</summary>
    private const int SharpReach = 2;

    private const int GridLines = 320;
    private const int LeastGridLines = 16;
    private const int LargestTilt = 13; // in 1/100: 7°, as far as a tilted collimator leaves a band to cut
    private const int ExitsPerLine = 4;
    private const int Rounds = 3; // a frame around a shutter around a collimator

    /// <summary>What remains of a field without its borders.</summary>
    /// <param name="film">One sample a pixel; 32-bit samples are left whole.</param>
    /// <param name="within">Where to look.</param>
    /// <param name="isInverted">Small stored values are bright.</param>
    public static FieldOfView Find(StoredPixels film, FieldOfView within, bool isInverted) => film.Kind switch
    {
        SampleKind.U8 => Find(film.Samples<byte>(), film.Columns, within, isInverted),
        SampleKind.S8 => Find(film.Samples<sbyte>(), film.Columns, within, isInverted),
        SampleKind.U16 => Find(film.Samples<ushort>(), film.Columns, within, isInverted),
        SampleKind.S16 => Find(film.Samples<short>(), film.Columns, within, isInverted),
        _ => within,
    };

    private static FieldOfView Find<T>(ReadOnlySpan<T> samples, int stride, FieldOfView within, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var field = within;
        for (var round = 0; round < Rounds; round++)
        {
            var step = Math.Max(1, (Math.Max(field.Rows, field.Columns) + GridLines - 1) / GridLines);
            int rows = field.Rows / step, columns = field.Columns / step;
            if (rows < LeastGridLines || columns < LeastGridLines) break;
            var memory = ArrayPool<int>.Shared.Rent(rows * columns);
            try
            {
                var grid = memory.AsSpan(0, rows * columns);
                Sample(samples, stride, field, step, columns, grid);
                var found = Cut(samples, stride, field, grid, rows, columns, step, isInverted);
                if (found == field) break;
                field = found;
            }
            finally
            {
                ArrayPool<int>.Shared.Return(memory);
            }
        }

        return (long)field.Rows * field.Columns >= LeastArea * within.Rows * within.Columns ? field : within;
    }

    /// <summary>Sums of four pixels side by side (or as many as a grid cell has), four times: a scale that all grids share.</summary>
    private static void Sample<T>(ReadOnlySpan<T> samples, int stride, FieldOfView field, int step, int columns, Span<int> grid)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 0; i < grid.Length; i++)
        {
            int y = field.Top + (i / columns * step) + (step / 2), x = field.Left + (i % columns * step);
            var at = (y * stride) + x;
            if (step >= 4)
            {
                var four = samples.Slice(at + (step / 2) - 2, 4);
                grid[i] = int.CreateTruncating(four[0]) + int.CreateTruncating(four[1]) + int.CreateTruncating(four[2]) + int.CreateTruncating(four[3]);
            }
            else
            {
                grid[i] = 4 * int.CreateTruncating(samples[at + (step / 2)]);
            }
        }
    }

    private static FieldOfView Cut<T>(
        ReadOnlySpan<T> samples, int stride, FieldOfView field, ReadOnlySpan<int> grid, int rows, int columns, int step, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var middle = Middle(grid, rows, columns);
        if (middle.Range < 4) return field; // not even one stored value wide

        var origin = (field.Top * stride) + field.Left;
        var last = origin + ((field.Rows - 1) * stride) + field.Columns - 1;
        var top = Depth(samples, new(origin, 1, stride, field.Columns, field.Rows), grid, new(0, 1, columns, columns, rows), step, middle, isInverted);
        var bottom = Depth(samples, new(last, -1, -stride, field.Columns, field.Rows), grid, new(grid.Length - 1, -1, -columns, columns, rows), step, middle, isInverted);
        var left = Depth(samples, new(origin, stride, 1, field.Rows, field.Columns), grid, new(0, columns, 1, rows, columns), step, middle, isInverted);
        var right = Depth(samples, new(last, -stride, -1, field.Rows, field.Columns), grid, new(grid.Length - 1, -columns, -1, rows, columns), step, middle, isInverted);
        return new(field.Top + top, field.Left + left, field.Rows - top - bottom, field.Columns - left - right);
    }

    /// <summary>Levels of the film's middle, where no border is: half of its height and width.</summary>
    private static (int Range, int Median) Middle(ReadOnlySpan<int> grid, int rows, int columns)
    {
        int height = rows / 2, width = columns / 2, count = 0;
        var memory = ArrayPool<int>.Shared.Rent(height * width);
        var values = memory.AsSpan(0, height * width);
        for (var y = 0; y < height; y += 2)
            for (var x = 0; x < width; x += 2) values[count++] = grid[((y + rows / 4) * columns) + x + columns / 4];
        values[..count].Sort();
        int low = values[count / 20], high = values[count - 1 - (count / 20)];
        var median = values[count / 2];
        ArrayPool<int>.Shared.Return(memory);
        return (high - low, median);
    }

    /// <summary>Depth in pixels of the border at one side; 0 when there is none.</summary>
    /// <param name="samples">The film.</param>
    /// <param name="pixels">How to walk over its pixels from that side.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="side">How to walk over the grid from that side.</param>
    /// <param name="step">Pixels a grid cell.</param>
    /// <param name="middle">Range of the film's middle, and its median.</param>
    /// <param name="isInverted">Small stored values are bright.</param>
    private static int Depth<T>(
        ReadOnlySpan<T> samples, Walk pixels, ReadOnlySpan<int> grid, Walk side, int step, (int Range, int Median) middle, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var lines = side.Along;
        var limit = (int)(side.Inwards * LargestBorder) + 1;
        var memory = ArrayPool<int>.Shared.Rent((lines * (2 + ExitsPerLine)) + limit + lines);
        try
        {
            var references = memory.AsSpan(0, lines);
            var sorted = memory.AsSpan(lines, lines);
            var exits = memory.AsSpan(2 * lines, lines * ExitsPerLine);
            var votes = memory.AsSpan((2 + ExitsPerLine) * lines, limit + lines);
            for (var a = 0; a < lines; a++) references[a] = Median(grid[side.At(a, 0)], grid[side.At(a, 1)], grid[side.At(a, 2)]);
            references.CopyTo(sorted);
            sorted.Sort();
            var level = sorted[lines / 2];

            var narrow = Math.Max(2, middle.Range / 64);
            var tolerance = Math.Max(2, (int)(middle.Range * Level));
            var (contrast, sign, depth) = ((int)(middle.Range * Step), isInverted ? -1 : 1, 0);
            if (Near(references, level, narrow) >= lines * FilledShare)
                depth = Depth(samples, pixels, grid, side, new(true, sign, level, narrow, tolerance), step, contrast, references, exits, votes);
            if (depth == 0 && (level - middle.Median) * sign > 0)
            {
                var floor = middle.Median - (sign * middle.Range / 4);
                depth = Depth(samples, pixels, grid, side, new(false, sign, floor, 0, tolerance), step, contrast, references, exits, votes);
            }

            return depth;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(memory);
        }
    }

    /// <summary>Depth in pixels of a border that looks as <paramref name="band"/> says; 0 when there is none.</summary>
    private static int Depth<T>(
        ReadOnlySpan<T> samples, Walk pixels, ReadOnlySpan<int> grid, Walk side, Band band, int step, int contrast,
        ReadOnlySpan<int> references, Span<int> exits, Span<int> votes)
        where T : unmanaged, IBinaryInteger<T>
    {
        var lines = side.Along;
        var limit = (int)(side.Inwards * LargestBorder) + 1;
        exits.Fill(-1);
        var leaving = FindExits(grid, side, references, band, contrast, limit, exits);
        var edge = Vote(exits, lines, votes);
        if (edge.Votes < lines * (band.IsFilled ? VotingShare : UnexposedVotingShare) || edge.Votes < leaving * AgreeingShare) return 0;
        var deepest = (int)Math.Min(edge.At(0), edge.At(lines - 1));
        if (deepest < 1 || !IsBand(grid, side, band, deepest)) return 0;

        var depth = Refine(samples, pixels, references, exits, edge, step, band, contrast);
        return depth >= LeastPixels && depth >= pixels.Inwards * LeastBorder && depth <= pixels.Inwards * LargestBorder ? depth : 0;
    }

    private static int Near(ReadOnlySpan<int> values, int level, int tolerance)
    {
        var count = 0;
        foreach (var value in values) count += Math.Abs(value - level) <= tolerance ? 1 : 0;
        return count;
    }

    /// <summary>Where each line steps out of the border's level, at most <see cref="ExitsPerLine"/> times.</summary>
    /// <remarks>From a filled border in any direction. From an unexposed one to darker values only, two grid lines together: few
    /// quanta make it noisy; and its level may drift towards the field, where scattered light reaches under the collimator.</remarks>
    /// <returns>Lines that start in the border and leave it.</returns>
    private static int FindExits(
        ReadOnlySpan<int> grid, Walk side, ReadOnlySpan<int> references, Band band, int contrast, int limit, Span<int> exits)
    {
        var leaving = 0;
        for (var a = 0; a < side.Along; a++)
        {
            if (!band.Holds(references[a])) continue;
            var (reference, found, isIn, hasLeft) = (references[a], 0, true, false);
            for (var k = 1; k < limit && found < ExitsPerLine; k++)
            {
                int here = grid[side.At(a, k)], next = grid[side.At(a, Math.Min(k + 1, side.Inwards - 1))];
                if (band.IsStructure(here, reference) && band.IsStructure(next, reference)) break;
                if (!band.Leaves(here, reference))
                {
                    if (!band.IsFilled) reference += (here - reference) / 8;
                    isIn = true;
                }
                else if (isIn && (band.IsFilled || band.Leaves(next, reference)))
                {
                    (isIn, hasLeft) = (false, true);
                    var beyond = grid[side.At(a, Math.Min(k + 2, side.Inwards - 1))];
                    if (band.Distance(here, reference) >= contrast || band.Distance(beyond, reference) >= contrast)
                        exits[(a * ExitsPerLine) + found++] = k;
                }
            }

            if (hasLeft) leaving++;
        }

        return leaving;
    }

    /// <summary>The straight line that most lines leave at: depth in the middle, and slope.</summary>
    private static Edge Vote(ReadOnlySpan<int> exits, int lines, Span<int> votes)
    {
        var best = default(Edge);
        var shift = lines / 2 * LargestTilt / 100 + 1;
        for (var i = 0; i <= 2 * LargestTilt; i++)
        {
            // 0, 1, -1, 2, -2, …: of equal votes the straighter.
            var tilt = (i % 2 == 0 ? -1 : 1) * ((i + 1) / 2);
            votes.Clear();
            for (var e = 0; e < exits.Length; e++)
            {
                if (exits[e] < 0) continue;
                var offset = exits[e] - (tilt * ((e / ExitsPerLine) - (lines / 2)) / 100);
                if (offset + shift >= 0 && offset + shift < votes.Length) votes[offset + shift]++;
            }

            for (var bin = 1; bin < votes.Length - 1; bin++)
            {
                var count = votes[bin - 1] + votes[bin] + votes[bin + 1];
                if (count > best.Votes) best = new(bin - shift, tilt, lines, count);
            }
        }

        return best;
    }

    /// <summary>The band before the edge is at the level, but for text.</summary>
    private static bool IsBand(ReadOnlySpan<int> grid, Walk side, Band band, int depth)
    {
        var there = 0;
        for (var k = 0; k < depth; k++)
            for (var a = 0; a < side.Along; a++) there += band.Holds(grid[side.At(a, k)]) ? 1 : 0;
        return there >= depth * side.Along * BandShare;
    }

    /// <summary>Pixels before the edge on its whole length: where the lines that voted for it leave the level, to the pixel; 0
    /// when a filled band does not end as sharply as a filling does.</summary>
    private static int Refine<T>(
        ReadOnlySpan<T> samples, Walk pixels, ReadOnlySpan<int> references, ReadOnlySpan<int> exits, Edge edge, int step, Band band, int contrast)
        where T : unmanaged, IBinaryInteger<T>
    {
        int count = 0, sharp = 0;
        Span<int> residuals = stackalloc int[GridLines + 1];
        for (var a = 0; a < edge.Lines; a++)
        {
            var k = -1;
            foreach (var exit in exits.Slice(a * ExitsPerLine, ExitsPerLine))
                if (exit >= 0 && Math.Abs(exit - edge.At(a)) <= 1.5) k = exit;
            if (k < 0) continue;

            var across = (a * step) + (step / 2);
            int depth = Math.Max(0, (k - 1) * step), to = Math.Min(pixels.Inwards - 1, (k + 1) * step);
            var isOut = false;
            for (; depth < to; depth++)
            {
                // Two pixels in a row: one alone is noise.
                var wasOut = isOut;
                isOut = band.Leaves(4 * int.CreateTruncating(samples[pixels.At(across, depth)]), references[a]);
                if (isOut && wasOut) break;
            }

            depth -= isOut ? 1 : 0;
            residuals[count++] = depth - (int)Math.Floor(edge.At(a) * step);
            var before = Value(samples, pixels, across, depth - SharpReach);
            var behind = band.Distance(Value(samples, pixels, across, depth + SharpReach), references[a]);
            var beyond = band.Distance(Value(samples, pixels, across, depth + (pixels.Inwards / 32)), references[a]);
            if (band.Holds(before) && behind >= contrast && 2 * behind >= beyond) sharp++;
        }

        if (count == 0 || (band.IsFilled && sharp < count * AgreeingShare)) return 0;
        residuals[..count].Sort();
        var line = Math.Min(edge.At(0), edge.At(edge.Lines - 1)) * step;
        return Math.Max(0, (int)Math.Floor(line) + residuals[count / 10]);
    }

    private static int Value<T>(ReadOnlySpan<T> samples, Walk pixels, int across, int depth) where T : unmanaged, IBinaryInteger<T> =>
        4 * int.CreateTruncating(samples[pixels.At(across, Math.Clamp(depth, 0, pixels.Inwards - 1))]);

    private static int Median(int a, int b, int c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    /// <summary>What a border at one side looks like.</summary>
    /// <param name="IsFilled">One value; else unexposed: bright, with noise.</param>
    /// <param name="Sign">1 when large values are bright, −1 when small ones are.</param>
    /// <param name="Level">The value; of an unexposed border the least bright that it may be.</param>
    /// <param name="Near">How far from the level a value may be.</param>
    /// <param name="Tolerance">How far from a line's own level is out of it.</param>
    private readonly record struct Band(bool IsFilled, int Sign, int Level, int Near, int Tolerance)
    {
        public bool Holds(int value) => IsFilled ? Math.Abs(value - Level) <= Near : (value - Level) * Sign >= 0;

        /// <summary>Much brighter than the border so far (more than edge enhancement makes it): bone behind soft tissue, say.</summary>
        public bool IsStructure(int value, int reference) => !IsFilled && (value - reference) * Sign > 3 * Tolerance;

        public bool Leaves(int value, int reference) => Distance(value, reference) > Tolerance;

        public int Distance(int value, int reference) => IsFilled ? Math.Abs(value - reference) : (reference - value) * Sign;
    }

    /// <summary>A way over a plane: along one side, and inwards from it.</summary>
    private readonly record struct Walk(int Origin, int AlongStride, int InwardStride, int Along, int Inwards)
    {
        public int At(int along, int inwards) => Origin + (along * AlongStride) + (inwards * InwardStride);
    }

    /// <summary>A straight edge in grid lines.</summary>
    /// <param name="Offset">Depth at the middle of the side.</param>
    /// <param name="Tilt">Slope in 1/100.</param>
    /// <param name="Lines">Lines of the side.</param>
    /// <param name="Votes">Lines that leave the border there.</param>
    private readonly record struct Edge(int Offset, int Tilt, int Lines, int Votes)
    {
        public double At(int line) => Offset + (Tilt * (line - (Lines / 2)) / 100.0);
    }
}
