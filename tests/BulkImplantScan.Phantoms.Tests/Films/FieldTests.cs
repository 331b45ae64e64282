using BulkImplantScan.Phantoms.Films;

namespace BulkImplantScan.Phantoms.Tests.Films;

public sealed class FieldTests
{
    /// <summary>Sizes on both sides of whole vectors and of four rows; boxes wider than the field.</summary>
    [Theory]
    [InlineData(37, 22, 1.3)]
    [InlineData(8, 4, 2.0)]
    [InlineData(5, 3, 4.0)]
    [InlineData(64, 41, 9.5)]
    public void Smoothing_is_three_boxes_each_way_with_repeated_edges(int columns, int rows, double sigma)
    {
        using var room = new Room();
        var draw = new Draw(1, "field");
        var field = room.Any(columns * rows);
        var expected = new double[columns * rows];
        for (var i = 0; i < expected.Length; i++) expected[i] = field[i] = (float)draw.Uniform(-5, 5);
        Field.Smooth(field, columns, rows, sigma, room);

        var half = Math.Max((int)Math.Round((Math.Sqrt(4 * sigma * sigma + 1) - 1) / 2), 1);
        for (var pass = 0; pass < 3; pass++)
        {
            expected = Box(expected, columns, rows, half, 1, 0);
            expected = Box(expected, columns, rows, half, 0, 1);
        }

        // Running sums of single precision.
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], field[i], 1e-4);
    }

    [Fact]
    public void A_collimated_row_is_dimmed_as_each_of_its_cells_is()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var collimator = new Collimator(seed, 240, 300, seed % 2 == 0 ? null : (int)(seed % 16));
            foreach (var y in (double[])[-149.5, -120, 0, 77, 149.5])
            {
                var row = new float[480];
                Array.Fill(row, 3f);
                collimator.Dim(row, 1.1, 0.5, 120, y);
                for (var column = 0; column < row.Length; column++)
                    Assert.Equal(3f * (float)(1.1 * collimator.Open((column + 0.5) * 0.5 - 120, y)), row[column]);
            }
        }
    }

    private static double[] Box(double[] field, int columns, int rows, int half, int across, int down)
    {
        var target = new double[field.Length];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                for (var i = -half; i <= half; i++)
                    target[y * columns + x] += field[Math.Clamp(y + i * down, 0, rows - 1) * columns + Math.Clamp(x + i * across, 0, columns - 1)] / (2 * half + 1);
            }
        }

        return target;
    }
}
