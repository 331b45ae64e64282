using BulkImplantScan.Imaging;
using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>Grad-CAM from the weights on: L = ReLU(Σₖ αₖAₖ), its peak, its map in 8 bits, and how much of it lies on the film.</summary>
/// <remarks><code>
/// a group: one film
///   ├ 1. cells × channels, a tile at a time in shared memory; one thread a cell adds all channels in order → ReLU → L
///   ├ 2. peak: any order, the first cell of equals
///   ├ 3. map in 8 bits
///   └ 4. mass: a thread a row of the map, then rows in order
/// </code>
/// Selvaraju 2017, eq. 2; the CPU's twins are <see cref="GradCamSimd"/> and <see cref="CamSummary"/>. No sum is split by the size
/// of the group or the batch, so a row does not depend on them.</remarks>
public static class CamKernel
{
    /// <summary>Threads of a group at most: eight loads of each fill a tile.</summary>
    public const int LargestGroup = 512;

    private const int TileLength = 8 * LargestGroup;
    private const int RowsAtOnce = 64;

    /// <summary>Explicitly grouped; grid of N.</summary>
    /// <param name="films">[N]: where each film lies in the network's input.</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="alpha">α, fp32 [N, K], of <see cref="ChannelMeansKernel"/>.</param>
    /// <param name="cam">L, fp32 [N, H, W], ≥ 0 or NaN, in logit units.</param>
    /// <param name="map8">[N, H, W]: round(255 · L / max), 0 where the map is empty or not finite.</param>
    /// <param name="measures">[N].</param>
    /// <param name="shape">K, H and W.</param>
    /// <param name="inputHeight">Height of the network's input.</param>
    /// <param name="inputWidth">Width of the network's input.</param>
    public static void Execute(
        ArrayView<FilmDescriptor> films, ArrayView<float> featureMaps, ArrayView<float> alpha, ArrayView<float> cam,
        ArrayView<byte> map8, ArrayView<CamMeasures> measures, FeatureMapShape shape, int inputHeight, int inputWidth)
    {
        var tile = SharedMemory.Allocate1D<float>(TileLength);
        var peaks = SharedMemory.Allocate1D<float>(LargestGroup);
        var peakCells = SharedMemory.Allocate1D<int>(LargestGroup);
        var masses = SharedMemory.Allocate1D<double>(RowsAtOnce);
        var massesOnFilm = SharedMemory.Allocate1D<double>(RowsAtOnce);

        var film = Grid.IdxX;
        var maps = featureMaps.SubView((long)film * shape.Length, shape.Length);
        var weights = alpha.SubView((long)film * shape.Channels, shape.Channels);
        var map = cam.SubView((long)film * shape.Positions, shape.Positions);
        AddWeighted(maps, weights, map, tile, shape);
        Group.Barrier();

        FindPeak(map, peaks, peakCells);
        var (peak, peakCell) = (peaks[0], peakCells[0]);
        var hasMap = CamMeasures.HasMap(peak);
        for (var cell = Group.IdxX; cell < shape.Positions; cell += Group.DimX)
            map8[(long)film * shape.Positions + cell] = hasMap ? (byte)(map[cell] / peak * 255f + 0.5f) : (byte)0;

        double mass = 0, onFilm = 0; // of thread 0
        var box = films[film].Letterbox;
        var rows = hasMap ? shape.Height : 0;
        for (var first = 0; first < rows; first += RowsAtOnce)
        {
            var end = IntrinsicMath.Min(first + RowsAtOnce, rows);
            for (var y = first + Group.IdxX; y < end; y += Group.DimX)
            {
                var coveredY = CamCell.Covered(y, shape.Height, inputHeight, box.Top, box.Height);
                double rowMass = 0, rowOnFilm = 0;
                for (var x = 0; x < shape.Width; x++)
                {
                    double value = map[y * shape.Width + x];
                    rowMass += value;
                    rowOnFilm += value * coveredY * CamCell.Covered(x, shape.Width, inputWidth, box.Left, box.Width);
                }

                masses[y - first] = rowMass;
                massesOnFilm[y - first] = rowOnFilm;
            }

            Group.Barrier();
            if (Group.IdxX == 0)
                for (var y = first; y < end; y++)
                {
                    mass += masses[y - first];
                    onFilm += massesOnFilm[y - first];
                }

            Group.Barrier();
        }

        if (Group.IdxX == 0) measures[film] = new(peak, peakCell, mass, onFilm);
    }

    /// <summary>L = ReLU(Σₖ αₖAₖ), a thread a cell.</summary>
    private static void AddWeighted(
        ArrayView<float> maps, ArrayView<float> weights, ArrayView<float> map, ArrayView<float> tile, FeatureMapShape shape)
    {
        // Uniform over the group from here to each barrier.
        for (var first = 0; first < shape.Positions; first += Group.DimX)
        {
            var cells = IntrinsicMath.Min(Group.DimX, shape.Positions - first);
            var channelsAtOnce = TileLength / cells;
            var sum = 0f;
            for (var k = 0; k < shape.Channels; k += channelsAtOnce)
            {
                var channels = IntrinsicMath.Min(channelsAtOnce, shape.Channels - k);
                var length = channels * cells;
                var part = maps.SubView(k * shape.Positions + first, (channels - 1) * shape.Positions + cells);
                for (var i = Group.IdxX; i < length; i += 8 * Group.DimX)
                {
                    // Eight loads, then eight stores: a compiler may not move a load before a store that it cannot tell apart.
                    var v0 = Load(part, shape.Positions, cells, i, length, 0);
                    var v1 = Load(part, shape.Positions, cells, i, length, 1);
                    var v2 = Load(part, shape.Positions, cells, i, length, 2);
                    var v3 = Load(part, shape.Positions, cells, i, length, 3);
                    var v4 = Load(part, shape.Positions, cells, i, length, 4);
                    var v5 = Load(part, shape.Positions, cells, i, length, 5);
                    var v6 = Load(part, shape.Positions, cells, i, length, 6);
                    var v7 = Load(part, shape.Positions, cells, i, length, 7);
                    Store(tile, i, length, 0, v0);
                    Store(tile, i, length, 1, v1);
                    Store(tile, i, length, 2, v2);
                    Store(tile, i, length, 3, v3);
                    Store(tile, i, length, 4, v4);
                    Store(tile, i, length, 5, v5);
                    Store(tile, i, length, 6, v6);
                    Store(tile, i, length, 7, v7);
                }

                Group.Barrier();
                if (Group.IdxX < cells)
                    for (var channel = 0; channel < channels; channel++)
                        sum += weights[k + channel] * tile[channel * cells + Group.IdxX];
                Group.Barrier();
            }

            if (Group.IdxX < cells) map[first + Group.IdxX] = sum < 0f ? 0f : sum; // not Max(0, sum): NaN must reach the row's status
        }
    }

    private static float Load(ArrayView<float> part, int positions, int cells, int i, int length, int round)
    {
        var at = IntrinsicMath.Min(i + round * Group.DimX, length - 1);
        return part[cells == positions ? at : at / cells * positions + at % cells];
    }

    private static void Store(ArrayView<float> tile, int i, int length, int round, float value)
    {
        var at = i + round * Group.DimX;
        if (at < length) tile[at] = value;
    }

    /// <summary>The maximum and its first cell, in place 0; NaN when any cell is.</summary>
    private static void FindPeak(ArrayView<float> map, ArrayView<float> peaks, ArrayView<int> peakCells)
    {
        var (peak, peakCell) = (0f, 0);
        for (var cell = Group.IdxX; cell < map.IntLength; cell += Group.DimX)
        {
            var value = map[cell];
            if (!float.IsNaN(peak) && (value > peak || float.IsNaN(value))) (peak, peakCell) = (value, cell);
        }

        peaks[Group.IdxX] = peak;
        peakCells[Group.IdxX] = peakCell;
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            var threads = IntrinsicMath.Min(Group.DimX, map.IntLength);
            for (var thread = 1; thread < threads; thread++)
            {
                var value = peaks[thread];
                var cell = peakCells[thread];
                if (!float.IsNaN(peak) && (value > peak || float.IsNaN(value) || (value == peak && value > 0f && cell < peakCell)))
                    (peak, peakCell) = (value, cell);
            }

            peaks[0] = peak;
            peakCells[0] = peakCell;
        }

        Group.Barrier();
    }
}
