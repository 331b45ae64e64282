using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BulkImplantScan.Phantoms.Anatomy;

/// <summary>A wrapping tile of smooth random values, mean 0, standard deviation about 1: trabeculae, muscle, bowel.</summary>
internal static class Texture
{
    private const int Size = 256;

    private static readonly float[] Tile = Make();

    /// <summary>Value at a place in tile cells; bilinear, wraps.</summary>
    public static float At(float x, float y)
    {
        float floorX = MathF.Floor(x), floorY = MathF.Floor(y), fx = x - floorX, fy = y - floorY;
        int x0 = (int)floorX & (Size - 1), y0 = ((int)floorY & (Size - 1)) * Size, x1 = (x0 + 1) & (Size - 1), y1 = (y0 + Size) & (Size * Size - 1);
        float top = Tile[y0 + x0] + fx * (Tile[y0 + x1] - Tile[y0 + x0]), bottom = Tile[y1 + x0] + fx * (Tile[y1 + x1] - Tile[y1 + x0]);
        return top + fy * (bottom - top);
    }

    /// <summary>The same at eight places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> At(Vector256<float> x, Vector256<float> y)
    {
        Vector256<float> floorX = Vector256.Floor(x), floorY = Vector256.Floor(y), fx = x - floorX, fy = y - floorY;
        var wrap = Vector256.Create(Size - 1);
        var x0 = Vector256.ConvertToInt32Native(floorX) & wrap;
        var y0 = (Vector256.ConvertToInt32Native(floorY) & wrap) << 8;
        var x1 = (x0 + Vector256<int>.One) & wrap;
        var y1 = (y0 + Vector256.Create(Size)) & Vector256.Create(Size * Size - 1);
        Vector256<float> upper = Lanes.Gather(Tile, y0 + x0), lower = Lanes.Gather(Tile, y1 + x0);
        var top = upper + fx * (Lanes.Gather(Tile, y0 + x1) - upper);
        var bottom = lower + fx * (Lanes.Gather(Tile, y1 + x1) - lower);
        return top + fy * (bottom - top);
    }

    private static float[] Make()
    {
        var draw = new Draw(1, "texture");
        var white = new float[Size * Size];
        foreach (ref var value in white.AsSpan()) value = (float)draw.Normal(0, 1);
        var tile = new float[Size * Size];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var sum = 0f;
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        sum += white[((y + dy) & (Size - 1)) * Size + ((x + dx) & (Size - 1))] * (2 - Math.Abs(dx)) * (2 - Math.Abs(dy));
                tile[y * Size + x] = sum / 6;
            }
        }

        return tile;
    }
}
