using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A wrapping tile of smooth random values, mean 0, standard deviation about 1: trabeculae, muscle, bowel.</summary>
internal static class Texture
{
    private const int Size = 256;

    // Rows of the tile with their first values once more behind them: eight places in a row are one load, also across the edge.
    private const int Stride = Size + 16;

    private static readonly float[] Tile = Make();

    /// <summary>Value at a place in tile cells; bilinear, wraps.</summary>
    public static float At(float x, float y)
    {
        float floorX = MathF.Floor(x), floorY = MathF.Floor(y), fx = x - floorX, fy = y - floorY;
        var column = (int)floorX & (Size - 1);
        ReadOnlySpan<float> upper = Tile.AsSpan(Row((int)floorY) + column, 2), lower = Tile.AsSpan(Row((int)floorY + 1) + column, 2);
        float top = upper[0] + fx * (upper[1] - upper[0]), bottom = lower[0] + fx * (lower[1] - lower[0]);
        return top + fy * (bottom - top);
    }

    /// <summary>The same at eight places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> At(Vector256<float> x, Vector256<float> y)
    {
        Vector256<float> floorX = Vector256.Floor(x), floorY = Vector256.Floor(y), fx = x - floorX, fy = y - floorY;
        Vector256<int> x0 = Vector256.ConvertToInt32Native(floorX), y0 = Vector256.ConvertToInt32Native(floorY);

        // Where the places are near each other, in two rows at most, loads and permutations do: on many processors a gather is eight loads.
        int firstX = Math.Min(x0[0], x0[7]), firstY = Math.Min(y0[0], y0[7]);
        Vector256<int> across = x0 - Vector256.Create(firstX), down = y0 - Vector256.Create(firstY);
        if (Vector256.LessThanAll(across.AsUInt32(), Vector256.Create(8u)) && Vector256.LessThanAll(down.AsUInt32(), Vector256.Create(2u)))
        {
            var isSecond = Vector256.Equals(down, Vector256<int>.One).AsSingle();
            var column = firstX & (Size - 1);
            ref float first = ref Tile[Row(firstY) + column], second = ref Tile[Row(firstY + 1) + column], third = ref Tile[Row(firstY + 2) + column];
            Vector256<float> middle = Lanes.Near(ref second, across), middleNext = Lanes.Near(ref Unsafe.Add(ref second, 1), across);
            return Between(
                Vector256.ConditionalSelect(isSecond, middle, Lanes.Near(ref first, across)),
                Vector256.ConditionalSelect(isSecond, middleNext, Lanes.Near(ref Unsafe.Add(ref first, 1), across)),
                Vector256.ConditionalSelect(isSecond, Lanes.Near(ref third, across), middle),
                Vector256.ConditionalSelect(isSecond, Lanes.Near(ref Unsafe.Add(ref third, 1), across), middleNext));
        }

        var wrap = Vector256.Create(Size - 1);
        x0 &= wrap;
        Vector256<int> upperAt = (y0 & wrap) * Stride + x0, lowerAt = ((y0 + Vector256<int>.One) & wrap) * Stride + x0, next = Vector256<int>.One;
        return Between(Lanes.Gather(Tile, upperAt), Lanes.Gather(Tile, upperAt + next), Lanes.Gather(Tile, lowerAt), Lanes.Gather(Tile, lowerAt + next));

        Vector256<float> Between(Vector256<float> upper, Vector256<float> upperNext, Vector256<float> lower, Vector256<float> lowerNext)
        {
            Vector256<float> top = upper + fx * (upperNext - upper), bottom = lower + fx * (lowerNext - lower);
            return top + fy * (bottom - top);
        }
    }

    private static int Row(int row) => (row & (Size - 1)) * Stride;

    private static float[] Make()
    {
        var draw = new Draw(1, "texture");
        var white = new float[Size * Size];
        foreach (ref var value in white.AsSpan()) value = (float)draw.Normal(0, 1);
        var tile = new float[Size * Stride];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Stride; x++)
            {
                var sum = 0f;
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        sum += white[((y + dy) & (Size - 1)) * Size + ((x + dx) & (Size - 1))] * (2 - Math.Abs(dx)) * (2 - Math.Abs(dy));
                tile[y * Stride + x] = sum / 6;
            }
        }

        return tile;
    }
}
