using ILGPU;

namespace BulkImplantScan.Explanation;

/// <summary>Means over positions: of dY/dA they are Grad-CAM's weights α, of A the films' embeddings.</summary>
/// <remarks>Selvaraju 2017, eq. 1. Maps lie a few dozen floats apart, so threads that each read a map of their own would use a
/// part of every cache line: the group brings maps to shared memory side by side, then one thread adds one map in order, as the
/// CPU does. A split sum would follow the launch, and a row must not depend on the batch size.</remarks>
public static class ChannelMeansKernel
{
    /// <summary>Threads of a group at most, each of which adds one map.</summary>
    public const int LargestGroup = 128;

    private const int PositionsAtOnce = 32;

    /// <summary>One float free after every map's part: threads that read down their maps reach different banks.</summary>
    private const int MapStep = PositionsAtOnce + 1;

    /// <summary>Explicitly grouped; grid of 2 · ⌈N·K / group⌉: even groups take <paramref name="gradients"/>, odd ones
    /// <paramref name="featureMaps"/>.</summary>
    /// <param name="gradients">dY/dA, fp32 [N, K, H, W].</param>
    /// <param name="featureMaps">A, fp32 [N, K, H, W].</param>
    /// <param name="alpha">α, fp32 [N, K].</param>
    /// <param name="pooled">Means of A, fp32 [N, K].</param>
    /// <param name="positions">H · W.</param>
    public static void Execute(
        ArrayView<float> gradients, ArrayView<float> featureMaps, ArrayView<float> alpha, ArrayView<float> pooled, int positions)
    {
        var tile = SharedMemory.Allocate1D<float>(LargestGroup * MapStep);
        var values = Grid.IdxX % 2 == 0 ? gradients : featureMaps;
        var means = Grid.IdxX % 2 == 0 ? alpha : pooled;
        var firstMap = Grid.IdxX / 2 * (long)Group.DimX;
        var maps = (int)IntrinsicMath.Min(Group.DimX, means.Length - firstMap);
        var sum = 0f;
        for (var first = 0; first < positions; first += PositionsAtOnce)
        {
            var count = IntrinsicMath.Min(PositionsAtOnce, positions - first);
            var length = maps * count;
            for (var i = Group.IdxX; i < length; i += 8 * Group.DimX)
            {
                // Eight loads, then eight stores: a compiler may not move a load before a store that it cannot tell apart.
                var v0 = Load(values, firstMap, positions, first, count, i, length, 0);
                var v1 = Load(values, firstMap, positions, first, count, i, length, 1);
                var v2 = Load(values, firstMap, positions, first, count, i, length, 2);
                var v3 = Load(values, firstMap, positions, first, count, i, length, 3);
                var v4 = Load(values, firstMap, positions, first, count, i, length, 4);
                var v5 = Load(values, firstMap, positions, first, count, i, length, 5);
                var v6 = Load(values, firstMap, positions, first, count, i, length, 6);
                var v7 = Load(values, firstMap, positions, first, count, i, length, 7);
                Store(tile, count, i, length, 0, v0);
                Store(tile, count, i, length, 1, v1);
                Store(tile, count, i, length, 2, v2);
                Store(tile, count, i, length, 3, v3);
                Store(tile, count, i, length, 4, v4);
                Store(tile, count, i, length, 5, v5);
                Store(tile, count, i, length, 6, v6);
                Store(tile, count, i, length, 7, v7);
            }

            Group.Barrier();
            if (Group.IdxX < maps)
                for (var position = 0; position < count; position++) sum += tile[Group.IdxX * MapStep + position];
            Group.Barrier();
        }

        if (Group.IdxX < maps) means[firstMap + Group.IdxX] = sum / positions;
    }

    private static float Load(
        ArrayView<float> values, long firstMap, int positions, int first, int count, int i, int length, int round)
    {
        var at = IntrinsicMath.Min(i + round * Group.DimX, length - 1);
        return values[(firstMap + at / count) * positions + first + at % count];
    }

    private static void Store(ArrayView<float> tile, int count, int i, int length, int round, float value)
    {
        var at = i + round * Group.DimX;
        if (at < length) tile[at / count * MapStep + at % count] = value;
    }
}
