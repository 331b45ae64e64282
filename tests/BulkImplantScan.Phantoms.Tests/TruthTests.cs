using System.IO.Compression;
using System.Text.Json;
using Parquet;

namespace BulkImplantScan.Phantoms.Tests;

public sealed class TruthTests
{
    [Fact]
    public async Task Truth_has_a_row_for_each_hip_in_the_order_of_the_labels()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(
            new() { Count = 30, Broken = 3, OutFolder = folder.Path, Seed = 9, LongSidePixels = 64, View = ViewChoice.Mixed, Edition = PhantomEdition.Second }, null, default);
        var labels = Labels.Read(folder).Where(row => row["label"] != "broken").ToList();
        await using var stream = File.OpenRead(Path.Combine(folder.Path, "truth.parquet"));
        await using var reader = await ParquetReader.CreateAsync(stream);
        foreach (var column in (string[])["file", "side", "label", "design", "material", "view", "event", "patient", "study_date"])
            Assert.Equal(labels.Select(row => row[column]), await Texts(reader, column));

        var devices = await Texts(reader, "device");
        foreach (var (row, json) in labels.Zip(devices))
        {
            using var measures = JsonDocument.Parse(json);
            Assert.Equal(row["label"] == "none", !measures.RootElement.EnumerateObject().Any());
            if (row["label"] is "D3" or "D4" or "D5")
            {
                var proximal = measures.RootElement.GetProperty("nail_proximal_diameter_mm").GetDouble();
                Assert.InRange(proximal, 15.4, 17);
            }
        }

        foreach (var column in (string[])["kilovolts", "neck_shaft_angle_degrees", "pitch_mm", "scatter_to_primary", "marker_text", "collimator_edges", "head_column"])
            Assert.Contains(column, reader.Schema.DataFields.Select(field => field.Name));
    }

    [Fact]
    public async Task Rows_that_come_in_portions_are_one_table()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "truth.parquet");
        using (var truth = new TruthFile(path))
        {
            truth.Append([[new("side", "L"), new("angle", 1.5)], [new("side", "R"), new("angle", 2.5)]]);
            truth.Append([]);
            truth.Append([[new("side", "L"), new("angle", 3.5)]]);
        }

        await using var stream = File.OpenRead(path);
        await using var reader = await ParquetReader.CreateAsync(stream);
        Assert.Equal(2, reader.RowGroupCount);
        Assert.Equal(["side", "angle"], reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal(["L", "R"], await Texts(reader, "side"));
    }

    [Fact]
    public void Elements_are_kept_also_where_one_lies_behind_another()
    {
        var hip = Phantom.Render(3, Design.D4, 512).Hips[0];
        Assert.Equal(hip.Mask.Select(value => value > 0), hip.Elements.Select(value => value > 0));
        // The lag screw goes through the nail.
        Assert.Contains(hip.Elements, value => (value & 6) == 6);
        for (var at = 0; at < hip.Mask.Length; at++)
            Assert.Equal(hip.Mask[at], (hip.Elements[at] & 4) > 0 ? 255 : (hip.Elements[at] & 2) > 0 ? 170 : (hip.Elements[at] & 1) > 0 ? 85 : 0);
    }

    [Fact]
    public void Masks_are_pictures_of_the_film_s_size_with_their_values()
    {
        using var folder = new TemporaryFolder();
        PhantomArchive.Write(new() { Count = 4, OutFolder = folder.Path, Seed = 2, LongSidePixels = 96, Masks = true, NoneShare = 0, UnknownShare = 0 }, null, default);
        foreach (var row in Labels.Read(folder))
        {
            var (width, height, colour, pixels) = Png(Path.Combine(folder.Path, row["mask"]));
            Assert.Equal((96, 0), (Math.Max(width, height), colour));
            Assert.All(pixels, value => Assert.Contains(value, (byte[])[0, 85, 170, 255]));
            Assert.Contains(pixels, value => value == 255);
            var (rgbWidth, rgbHeight, rgb, elements) = Png(Path.Combine(folder.Path, row["mask"].Replace(".png", "-elements.png", StringComparison.Ordinal)));
            Assert.Equal((width, height, 2), (rgbWidth, rgbHeight, rgb));
            for (var at = 0; at < pixels.Length; at++) Assert.Equal(pixels[at] == 255, elements[3 * at] == 255);
        }
    }

    private static async Task<List<string>> Texts(ParquetReader reader, string column)
    {
        using var group = reader.OpenRowGroupReader(0);
        var field = reader.Schema.DataFields.Single(field => field.Name == column);
        var values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory());
        return [.. values.Select(value => value ?? "")];
    }

    /// <summary>As our own writer makes them: one IDAT chunk, each row filtered by Sub.</summary>
    private static (int Width, int Height, int Colour, byte[] Pixels) Png(string path)
    {
        var png = File.ReadAllBytes(path);
        int Whole(int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        int width = Whole(16), height = Whole(20), colour = png[25], step = colour == 2 ? 3 : 1, row = width * step;
        using var inflated = new ZLibStream(new MemoryStream(png, 41, Whole(33)), CompressionMode.Decompress);
        var bytes = new byte[height * (row + 1)];
        inflated.ReadExactly(bytes);
        var pixels = new byte[height * row];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < row; x++) pixels[y * row + x] = (byte)(bytes[y * (row + 1) + 1 + x] + (x < step ? 0 : pixels[y * row + x - step]));
        return (width, height, colour, pixels);
    }
}
