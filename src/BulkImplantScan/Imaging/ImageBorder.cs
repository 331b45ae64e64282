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
/// A film decoded at a reduced resolution must be shown with the border that it has in full: so only the places of a
/// <see cref="BorderLattice{T}"/> are looked at. When in doubt nothing is cut.</remarks>
internal static class ImageBorder
{
    /// <summary>Largest border at one side, as a share of it: beyond, it may be anything.</summary>
    private const double LargestBorder = 0.4;

    /// <summary>Least part of the film's area that remains; when less would, nothing is cut.</summary>
    private const double LeastArea = 1.0 / 3;

    /// <summary>Narrower borders are not worth a guess (what a tilted one leaves, say); in pixels, and as a share of the side.</summary>
    private const int LeastPixels = 4;
    private const double LeastBorder = 1.0 / 64;

    /// <summary>How far a line must be from its level in the border to be out of it, as a share of the range of the film's middle
    /// (5 to 95 %).</summary>
    private const double Level = 0.06;

    /// <summary>Step at the border's edge, within two grid lines (some 2 mm), as a share of the same range.</summary>
    private const double Step = 0.12;

    /// <summary>Of the lines that leave the level at all, how many must do so at the edge.</summary>
    private const double AgreeingShare = 0.6;

    /// <summary>Of all lines, how many must do so: where air lies beside a black border there is no edge to see.</summary>
    private const double FilledVotingShare = 0.3;

    /// <summary>The same for an unexposed border, which is never as dark as air.</summary>
    private const double UnexposedVotingShare = 0.5;

    /// <summary>Of the band, how much must be at the level: the rest is text.</summary>
    private const double BandShare = 0.8;

    /// <summary>Of the outermost grid lines, how many cells must have one value to call a border filled.</summary>
    private const double FilledShare = 0.6;

    private const int GridLines = 384;
    private const int LeastGridLines = 32;

    /// <summary>Lines inwards from a side, about: a straight edge needs no more to be seen, and to be placed to the pixel.</summary>
    private const int SideLines = 96;

    /// <summary>Lines on which the edge is placed: each place down a column costs a line of the cache.</summary>
    private const int RefinedLines = 32;

    /// <summary>Grid cells to either side of the line that was voted for in which the edge is looked for.</summary>
    private const int SearchedCells = 2;

    private const int LargestTilt = 13; // in 1/100: 7°, as far as a tilted collimator leaves a band to cut
    private const int ExitsPerLine = 4;
    private const int Rounds = 3; // a frame around a shutter around a collimator

    /// <summary>The longer side that a film must have left at a reduced resolution to have a sample at each place.</summary>
    public const int LeastSide = GridLines + 1;

    /// <summary>What remains of a field without its borders.</summary>
    /// <param name="film">One sample a pixel; 32-bit samples are left whole.</param>
    /// <param name="within">Where to look.</param>
    /// <param name="isInverted">Small stored values are bright.</param>
    public static FieldOfView Find(StoredPixels film, FieldOfView within, bool isInverted) => film.Kind switch
    {
        SampleKind.U8 => Find(film.Samples<byte>(), film, within, isInverted),
        SampleKind.S8 => Find(film.Samples<sbyte>(), film, within, isInverted),
        SampleKind.U16 => Find(film.Samples<ushort>(), film, within, isInverted),
        SampleKind.S16 => Find(film.Samples<short>(), film, within, isInverted),
        _ => within,
    };

    private static FieldOfView Find<T>(ReadOnlySpan<T> samples, StoredPixels film, FieldOfView within, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (levels, filmRows, filmColumns) = film.Reduction;
        var pitch = 2 << levels;
        while (Math.Max(filmRows, filmColumns) / pitch > GridLines) pitch *= 2;
        int rows = filmRows / pitch, columns = filmColumns / pitch;
        var memory = ArrayPool<int>.Shared.Rent(Math.Max(1, rows * columns));
        try
        {
            var grid = memory.AsSpan(0, rows * columns);
            var lattice = new BorderLattice<T>(samples, film, pitch);
            Sample(lattice, columns, grid);
            var field = within;
            for (var round = 0; round < Rounds; round++)
            {
                var found = Cut(lattice, field, grid, rows, columns, isInverted);
                if (found == field) break;
                field = found;
            }

            return (long)field.Rows * field.Columns >= LeastArea * within.Rows * within.Columns ? field : within;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(memory);
        }
    }

    private static void Sample<T>(in BorderLattice<T> lattice, int columns, Span<int> grid)
        where T : unmanaged, IBinaryInteger<T>
    {
        var rows = columns == 0 ? 0 : grid.Length / columns;
        for (var row = 0; row < rows; row++)
        {
            var places = lattice.Towards(row, 0, 1, 1);
            for (var x = 0; x < columns; x++) grid[(row * columns) + x] = lattice.Value(places.At((2 * x) + 1, 1));
        }
    }

    /// <summary>The field without a border at each of its sides; looks at the grid cells that lie within it wholly.</summary>
    private static FieldOfView Cut<T>(
        in BorderLattice<T> lattice, FieldOfView field, ReadOnlySpan<int> grid, int rows, int columns, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var pitch = lattice.Pitch;
        int top = field.Top, bottom = top + field.Rows, left = field.Left, right = left + field.Columns;
        int firstRow = (top + pitch - 1) / pitch, firstColumn = (left + pitch - 1) / pitch;
        int endRow = Math.Min(rows, bottom / pitch), endColumn = Math.Min(columns, right / pitch);
        int height = endRow - firstRow, width = endColumn - firstColumn;
        if (height < LeastGridLines || width < LeastGridLines) return field;
        var cell = (firstRow * columns) + firstColumn;
        var middle = Middle(grid, new(cell, 1, columns, width, height));
        if (middle.Range < 4) return field; // not even one stored value wide

        var lastCell = cell + ((height - 1) * columns) + width - 1;
        var start = lattice.Towards(firstRow, firstColumn, width, height);
        var end = lattice.Backwards(endRow, endColumn, width, height);
        var fromTop = Depth(lattice, start, grid, new(cell, 1, columns, width, height), middle, isInverted);
        var fromBottom = Depth(lattice, end, grid, new(lastCell, -1, -columns, width, height), middle, isInverted);
        var fromLeft = Depth(lattice, start.Turned, grid, new(cell, columns, 1, height, width), middle, isInverted);
        var fromRight = Depth(lattice, end.Turned, grid, new(lastCell, -columns, -1, height, width), middle, isInverted);
        if (fromTop > 0) top = (firstRow * pitch) + fromTop;
        if (fromBottom > 0) bottom = (endRow * pitch) - fromBottom;
        if (fromLeft > 0) left = (firstColumn * pitch) + fromLeft;
        if (fromRight > 0) right = (endColumn * pitch) - fromRight;
        return new(top, left, bottom - top, right - left);
    }

    /// <summary>Levels of the field's middle, where no border is: half of its height and width.</summary>
    private static (int Range, int Median) Middle(ReadOnlySpan<int> grid, BorderWalk cells)
    {
        Span<int> values = stackalloc int[(GridLines / 8 + 1) * (GridLines / 8 + 1)];
        var count = 0;
        for (var y = cells.Inwards / 4; y < cells.Inwards * 3 / 4; y += 4)
            for (var x = cells.Along / 4; x < cells.Along * 3 / 4; x += 4) values[count++] = grid[cells.At(x, y)];
        values[..count].Sort();
        int low = values[count / 20], high = values[count - 1 - (count / 20)];
        return (high - low, values[count / 2]);
    }

    /// <summary>Depth in pixels of the border at one side; 0 when there is none.</summary>
    /// <param name="lattice">The film.</param>
    /// <param name="places">How to walk over its places from that side.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="side">How to walk over the grid from that side.</param>
    /// <param name="middle">Range of the film's middle, and its median.</param>
    /// <param name="isInverted">Small stored values are bright.</param>
    private static int Depth<T>(
        in BorderLattice<T> lattice, BorderWalk places, ReadOnlySpan<int> grid, BorderWalk side, (int Range, int Median) middle, bool isInverted)
        where T : unmanaged, IBinaryInteger<T>
    {
        var every = Math.Max(1, side.Along / SideLines);
        side = new(side.At(every / 2, 0), side.AlongStride * every, side.InwardStride, side.Along / every, side.Inwards);
        var lines = side.Along;
        var limit = (int)(side.Inwards * LargestBorder) + 1;
        var memory = ArrayPool<int>.Shared.Rent((lines * (2 + ExitsPerLine)) + limit + (lines * every));
        try
        {
            var references = memory.AsSpan(0, lines);
            var sorted = memory.AsSpan(lines, lines);
            var exits = memory.AsSpan(2 * lines, lines * ExitsPerLine);
            var votes = memory.AsSpan((2 + ExitsPerLine) * lines, limit + (lines * every));
            for (var a = 0; a < lines; a++) references[a] = Median(grid[side.At(a, 0)], grid[side.At(a, 1)], grid[side.At(a, 2)]);
            references.CopyTo(sorted);
            sorted.Sort();
            var level = sorted[lines / 2];

            var narrow = Math.Max(2, middle.Range / 64);
            var tolerance = Math.Max(2, (int)(middle.Range * Level));
            var (contrast, sign, depth) = ((int)(middle.Range * Step), isInverted ? -1 : 1, 0);
            if (Near(references, level, narrow) >= lines * FilledShare)
                depth = Depth(lattice, places, grid, side, new(true, sign, level, narrow, tolerance), every, contrast, references, exits, votes);
            if (depth == 0 && (level - middle.Median) * sign > 0)
            {
                var floor = middle.Median - (sign * middle.Range / 4);
                depth = Depth(lattice, places, grid, side, new(false, sign, floor, 0, tolerance), every, contrast, references, exits, votes);
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
        in BorderLattice<T> lattice, BorderWalk places, ReadOnlySpan<int> grid, BorderWalk side, Band band, int every, int contrast,
        ReadOnlySpan<int> references, Span<int> exits, Span<int> votes)
        where T : unmanaged, IBinaryInteger<T>
    {
        var lines = side.Along;
        var limit = (int)(side.Inwards * LargestBorder) + 1;
        exits.Fill(-1);
        var leaving = FindExits(grid, side, references, band, contrast, limit, exits, out var voting);
        var needed = Math.Max(lines * band.VotingShare, leaving * AgreeingShare);
        if (voting < needed) return 0;
        var edge = Vote(exits, lines, every, votes);
        if (edge.Votes < needed) return 0;
        var deepest = (int)edge.Nearest;
        if (deepest < 1 || !IsBand(grid, side, band, deepest)) return 0;

        var depth = Refine(lattice, places, edge, every, band, contrast);
        var inwards = side.Inwards * lattice.Pitch;
        return depth >= LeastPixels && depth >= inwards * LeastBorder && depth <= inwards * LargestBorder ? depth : 0;
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
        ReadOnlySpan<int> grid, BorderWalk side, ReadOnlySpan<int> references, Band band, int contrast, int limit, Span<int> exits,
        out int voting)
    {
        var leaving = 0;
        voting = 0;
        for (var a = 0; a < side.Along; a++)
        {
            if (!band.Holds(references[a])) continue;
            var (reference, found, isIn, hasLeft) = (references[a], 0, true, false);
            var here = grid[side.At(a, 1)];
            var next = grid[side.At(a, 2)];
            for (var k = 1; k < limit && found < ExitsPerLine; k++, here = next, next = grid[side.At(a, Math.Min(k + 1, side.Inwards - 1))])
            {
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
            if (found > 0) voting++;
        }

        return leaving;
    }

    /// <summary>The straight line that most lines leave at: depth in the middle, and slope.</summary>
    private static Edge Vote(ReadOnlySpan<int> exits, int lines, int every, Span<int> votes)
    {
        // Depth and place along the side, in grid cells from its middle, of what there is.
        Span<(int Depth, int Place)> places = stackalloc (int, int)[ExitsPerLine * 2 * SideLines];
        var count = 0;
        for (var e = 0; e < exits.Length; e++)
            if (exits[e] >= 0) places[count++] = (exits[e], every * ((e / ExitsPerLine) - (lines / 2)));

        var best = default(Edge);
        var shift = (every * lines / 2 * LargestTilt / 100) + 1;
        for (var i = 0; i <= 2 * LargestTilt; i++)
        {
            // 0, 1, -1, 2, -2, …: of equal votes the straighter.
            var tilt = (i % 2 == 0 ? -1 : 1) * ((i + 1) / 2);
            votes.Clear();
            foreach (var (depth, place) in places[..count])
            {
                var bin = depth - (tilt * place / 100) + shift;
                if (bin >= 0 && bin < votes.Length) votes[bin]++;
            }

            for (var bin = 1; bin < votes.Length - 1; bin++)
            {
                var sum = votes[bin - 1] + votes[bin] + votes[bin + 1];
                if (sum > best.Votes) best = new(bin - shift, tilt, lines, every, sum);
            }
        }

        return best;
    }

    /// <summary>The band before the edge is at the level, but for text.</summary>
    private static bool IsBand(ReadOnlySpan<int> grid, BorderWalk side, Band band, int depth)
    {
        var there = 0;
        for (var k = 0; k < depth; k++)
            for (var a = 0; a < side.Along; a++) there += band.Holds(grid[side.At(a, k)]) ? 1 : 0;
        return there >= depth * side.Along * BandShare;
    }

    /// <summary>Pixels before the edge on its whole length: where the lines that voted for it leave the level; 0 when a filled band
    /// does not end as sharply as a filling does.</summary>
    private static int Refine<T>(
        in BorderLattice<T> lattice, BorderWalk places, Edge edge, int every, Band band, int contrast)
        where T : unmanaged, IBinaryInteger<T>
    {
        int count = 0, sharp = 0, probed = 0;
        Span<EdgePoint> ends = stackalloc EdgePoint[2 * SideLines];
        var skip = Math.Max(1, edge.Lines / RefinedLines);
        for (var a = skip / 2; a < edge.Lines; a += skip, probed++)
        {
            var near = (int)Math.Round(edge.At(a));
            var across = (2 * ((a * every) + (every / 2))) + 1;
            var reference = Median(Low(lattice, places, across, 1), Low(lattice, places, across, 3), Low(lattice, places, across, 5));
            if (!band.Holds(reference)) continue;
            int first = Math.Max(1, 2 * (near - SearchedCells)), last = Math.Min(places.Inwards - 1, 2 * (near + SearchedCells + 1));
            var half = band.Distance(Low(lattice, places, across, last), reference) / 2;
            if (half <= band.Tolerance) continue;

            // Two places in a row: one alone is noise.
            var (depth, distance, next) = (first, band.Distance(Low(lattice, places, across, first), reference), 0);
            for (; depth < last - 1; depth++, distance = next)
            {
                next = band.Distance(Low(lattice, places, across, depth + 1), reference);
                if (next >= half && band.Distance(Low(lattice, places, across, depth + 2), reference) >= half) break;
            }

            if (depth == last - 1 || distance >= half) continue;
            var part = lattice.Half == 1 ? 0.5 : (double)(half - distance) / (next - distance); // pixels are not divided
            ends[count++] = new(a, (depth++ + part) * lattice.Half + (places.InwardStride > 0 ? 0.5 : -0.5)); // places are the middles of pixels
            var (reachBefore, reachBehind) = lattice.Half == 1 ? (2, 2) : (3, 1);
            var before = Low(lattice, places, across, depth - reachBefore);
            var behind = band.Distance(Low(lattice, places, across, depth + reachBehind), reference);
            var beyond = band.Distance(Low(lattice, places, across, depth + (places.Inwards / 32)), reference);
            if (band.Holds(before) && behind >= contrast && 2 * behind >= beyond) sharp++;
        }

        if (count < 2 || (band.IsFilled && sharp < count * AgreeingShare)) return 0;
        var line = EdgeLine.ThroughMost(ends[..count], lattice.Pitch, out var agreeing);
        if (agreeing < count * AgreeingShare || agreeing < probed * band.VotingShare) return 0;

        // Of a soft edge, which lines leave here and there, the part before nearly all of them.
        Span<double> residuals = stackalloc double[agreeing];
        for (var i = 0; i < agreeing; i++) residuals[i] = line.Distance(ends[i]);
        residuals.Sort();
        return Math.Max(0, (int)Math.Round(Math.Min(line.At(-0.5), line.At(edge.Lines - 0.5)) + residuals[agreeing / 10]));
    }

    private static int Low<T>(in BorderLattice<T> lattice, BorderWalk places, int across, int depth) where T : unmanaged, IBinaryInteger<T> =>
        lattice.Low(places.At(across, Math.Clamp(depth, 1, places.Inwards - 1)));

    private static int Median(int a, int b, int c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    /// <summary>What a border at one side looks like.</summary>
    /// <param name="IsFilled">One value; else unexposed: bright, with noise.</param>
    /// <param name="Sign">1 when large values are bright, −1 when small ones are.</param>
    /// <param name="Level">The value; of an unexposed border the least bright that it may be.</param>
    /// <param name="Near">How far from the level a value may be.</param>
    /// <param name="Tolerance">How far from a line's own level is out of it.</param>
    private readonly record struct Band(bool IsFilled, int Sign, int Level, int Near, int Tolerance)
    {
        public double VotingShare => IsFilled ? FilledVotingShare : UnexposedVotingShare;

        public bool Holds(int value) => IsFilled ? Math.Abs(value - Level) <= Near : (value - Level) * Sign >= 0;

        /// <summary>Much brighter than the border so far (more than edge enhancement makes it): bone behind soft tissue, say.</summary>
        public bool IsStructure(int value, int reference) => !IsFilled && (value - reference) * Sign > 3 * Tolerance;

        public bool Leaves(int value, int reference) => Distance(value, reference) > Tolerance;

        public int Distance(int value, int reference) => IsFilled ? Math.Abs(value - reference) : (reference - value) * Sign;
    }

    /// <summary>A straight edge in grid lines.</summary>
    /// <param name="Offset">Depth at the middle of the side.</param>
    /// <param name="Tilt">Slope in 1/100.</param>
    /// <param name="Lines">Lines of the side.</param>
    /// <param name="Every">Grid cells from a line to the next.</param>
    /// <param name="Votes">Lines that leave the border there.</param>
    private readonly record struct Edge(int Offset, int Tilt, int Lines, int Every, int Votes)
    {
        /// <summary>Depth at its nearer end.</summary>
        public double Nearest => Math.Min(At(-0.5), At(Lines - 0.5));

        public double At(double line) => Offset + (Tilt * Every * (line - (Lines / 2)) / 100.0);
    }
}
