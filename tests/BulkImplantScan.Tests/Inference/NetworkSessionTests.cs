using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class NetworkSessionTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 2)]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    public void A_row_is_the_same_bits_at_every_place_among_any_neighbours_for_any_batch_size(int batchSize, int threads)
    {
        // Real widths and sizes: which kernel the CPU provider picks depends on them.
        var package = UntrainedNetwork.Write(
            _folder.At("small"), ResidualArchitecture.Small, UntrainedNetwork.Catalogue(6), PackageFolder.Input(224), seed: 3);
        var film = Film(package, seed: 1);
        byte[] expected;
        using (var alone = new Batch(new(package, batchSize: 3, threads: 1)))
        {
            film.CopyTo(alone.Input.AsSpan());
            alone.Run();
            expected = alone.RowBytes(0);
        }

        using var batch = new Batch(new(package, batchSize, threads));
        for (var round = 0; round < 2; round++)
        {
            var place = round == 0 ? 0 : batchSize - 1;
            for (var other = 0; other < batchSize; other++)
            {
                // Neighbours of every kind, and the poison that NaN is.
                var neighbour = other % 4 == 3 ? Constant(film.Length, float.NaN) : Film(package, seed: 100 + round * batchSize + other);
                (other == place ? film : neighbour).CopyTo(batch.Input.AsSpan(other * film.Length));
            }

            batch.Run();
            Assert.Equal(expected, batch.RowBytes(place));
        }
    }

    [Fact]
    public void Gradients_are_the_head_row_of_the_winner_over_the_number_of_cells()
    {
        using var batch = new Batch(new(_folder.Tiny(), batchSize: 4, threads: 1));
        new Random(5).NextSingles(batch.Input);
        batch.Run();

        var head = UntrainedNetwork.Weights(ResidualArchitecture.Tiny, 1, batch.Session.ClassCount, seed: 1)["head.weight"];
        var shape = batch.Session.FeatureMapShape;
        for (var film = 0; film < 4; film++)
        {
            var logits = batch.Logits.AsSpan(film * 7, 7).ToArray();
            var winner = Array.IndexOf(logits, logits.Max());
            for (var k = 0; k < shape.Channels; k++)
                for (var p = 0; p < shape.Positions; p++)
                    Assert.Equal(head[winner * shape.Channels + k] / shape.Positions, batch.Gradients[(film * shape.Channels + k) * shape.Positions + p], 1e-7f);
        }
    }

    [Fact]
    public void Logits_are_the_head_applied_to_the_mean_of_the_feature_maps()
    {
        using var batch = new Batch(new(_folder.Tiny(), batchSize: 2, threads: 1));
        new Random(6).NextSingles(batch.Input);
        batch.Run();

        var weights = UntrainedNetwork.Weights(ResidualArchitecture.Tiny, 1, 7, seed: 1);
        var shape = batch.Session.FeatureMapShape;
        for (var film = 0; film < 2; film++)
        {
            for (var c = 0; c < 7; c++)
            {
                double logit = weights["head.bias"][c];
                for (var k = 0; k < shape.Channels; k++)
                {
                    var map = batch.FeatureMaps.AsSpan((film * shape.Channels + k) * shape.Positions, shape.Positions).ToArray();
                    logit += weights["head.weight"][c * shape.Channels + k] * map.Average(a => (double)a);
                }

                // fp32 sums of 16 products of order 1.
                Assert.Equal(logit, batch.Logits[film * 7 + c], 1e-5);
            }
        }
    }

    [Fact]
    public void Feature_maps_come_after_the_last_relu_at_the_resolution_that_the_architecture_says()
    {
        using var session = new NetworkSession(_folder.Tiny(side: 44), batchSize: 1, threads: 1);
        Assert.Equal((16, 6, 6), (session.FeatureMapShape.Channels, session.FeatureMapShape.Height, session.FeatureMapShape.Width));
        Assert.Equal(6, ResidualArchitecture.Tiny.Cells(44)); // 44 → 22 → 11 → 6
    }

    [Fact]
    public void A_model_of_another_input_size_is_refused_in_one_sentence()
    {
        var package = _folder.Tiny();
        var other = (package with { Input = PackageFolder.Input(64) }).Save(_folder.At("other"), package.ReadModel(), "");
        var refusal = Assert.Throws<ModelPackageException>(() => new NetworkSession(other, 4, 1));
        Assert.Contains("input \"input\" of shape [4, 1, 40, 40], but model.json and the batch ask for [4, 1, 64, 64]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_number_of_classes_is_refused()
    {
        var package = _folder.Tiny();
        var other = (package with { Classes = UntrainedNetwork.Catalogue(5) }).Save(_folder.At("other"), package.ReadModel(), "");
        var refusal = Assert.Throws<ModelPackageException>(() => new NetworkSession(other, 4, 1));
        Assert.Contains("\"logits\" of shape [4, 7]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_the_outputs_of_an_explanation_is_refused()
    {
        var package = _folder.Tiny();
        var other = (package with { Tensors = new(FeatureMaps: "maps") }).Save(_folder.At("other"), package.ReadModel(), "");
        var refusal = Assert.Throws<ModelPackageException>(() => new NetworkSession(other, 4, 1));
        Assert.Contains("has no output \"maps\"; it has \"logits\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        var package = _folder.Tiny();
        var other = package.Save(_folder.At("other"), [.. "no protobuf at all"u8], "");
        Assert.Throws<ModelPackageException>(() => new NetworkSession(other, 4, 1));
    }

    [Fact]
    public void Buffers_of_another_kind_of_memory_and_null_addresses_are_refused()
    {
        using var session = new NetworkSession(_folder.Tiny(), 1, 1);
        Assert.Throws<ArgumentException>(() => session.Bind(new(8, 8, 8, 8, NetworkMemory.Cuda)));
        Assert.Throws<ArgumentException>(() => session.Bind(new(8, 8, 0, 8, NetworkMemory.Cpu)));
    }

    [Fact]
    public void A_bound_run_allocates_nothing_on_the_managed_heap()
    {
        using var batch = new Batch(new(_folder.Tiny(), batchSize: 2, threads: 1));
        batch.Run();
        batch.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 10; run++) batch.Run();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Film(ModelPackage package, int seed)
    {
        var film = new float[package.Input.FilmLength];
        new Random(seed).NextSingles(film);
        return film;
    }

    private static float[] Constant(int length, float value)
    {
        var film = new float[length];
        Array.Fill(film, value);
        return film;
    }
}
