using System.Text;
using System.Text.Json.Nodes;
using BulkImplantScan.Imaging;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class ModelPackageTests : IDisposable
{
    private readonly PackageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_saved_is_what_is_loaded()
    {
        var package = _folder.Tiny() with
        {
            Name = "round-trip",
            Temperature = 1.37f,
            Thresholds = new(0.55f, -3.25f, [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f], "200 films") { ConformalFilms = [1, 2, 3, 4, 5, 6, 7], ConformalMiss = 0.1 },
            Training = "by hand",
        };
        var saved = package.Save(_folder.At("saved"), package.ReadModel(), "card");
        var loaded = ModelPackage.Load(saved.Folder);

        Assert.Equal("card", File.ReadAllText(Path.Combine(saved.Folder, "MODEL_CARD.md")));
        Assert.Equal(saved.Classes, loaded.Classes);
        Assert.Equal(saved.Thresholds.Conformal, loaded.Thresholds.Conformal);
        Assert.Equal(saved.Thresholds.ConformalFilms, loaded.Thresholds.ConformalFilms);
        Assert.Equal(0.1, loaded.Thresholds.ConformalMiss);
        Assert.Equal(saved.Input.Mean, loaded.Input.Mean);
        Assert.Equal(
            (saved.Folder, saved.Name, saved.Sha256, saved.Temperature, saved.Thresholds.MinimumProbability, saved.Thresholds.MaximumEnergy, saved.Thresholds.Data, saved.Training, saved.Tensors),
            (loaded.Folder, loaded.Name, loaded.Sha256, loaded.Temperature, loaded.Thresholds.MinimumProbability, loaded.Thresholds.MaximumEnergy, loaded.Thresholds.Data, loaded.Training, loaded.Tensors));
    }

    [Fact]
    public void A_package_says_whether_its_network_wants_the_field_and_means_the_whole_film_when_it_does_not_say()
    {
        var tiny = _folder.Tiny();
        var saved = (tiny with { Input = tiny.Input with { FieldOfView = InputField.Crop } }).Save(_folder.At("crop"), tiny.ReadModel(), "card");
        Assert.Equal(InputField.Crop, ModelPackage.Load(saved.Folder).Input.FieldOfView);

        var path = Path.Combine(saved.Folder, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.True(json["input"]!.AsObject().Remove("field_of_view"));
        File.WriteAllText(path, json.ToJsonString());
        Assert.Equal(InputField.Whole, ModelPackage.Load(saved.Folder).Input.FieldOfView);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_gives_others()
    {
        var first = _folder.Tiny(seed: 1);
        var again = UntrainedNetwork.Write(_folder.At("again"), ResidualArchitecture.Tiny, first.Classes, first.Input, seed: 1);
        Assert.Equal(first.Sha256, again.Sha256);
        Assert.NotEqual(first.Sha256, _folder.Tiny(seed: 2).Sha256);
    }

    [Fact]
    public void A_changed_model_is_noticed()
    {
        var package = _folder.Tiny();
        File.AppendAllText(Path.Combine(package.Folder, "model.onnx"), " ");
        var refusal = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(package.Folder));
        Assert.Contains("is not the file that model.json describes", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("model.onnx")]
    public void A_missing_file_is_named(string file)
    {
        var package = _folder.Tiny();
        File.Delete(Path.Combine(package.Folder, file));
        var refusal = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(package.Folder));
        Assert.Contains($"has no {file}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("is not a folder", Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.At("nowhere"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("format", "\"onnx\"", "does not say \"format\"")]
    [InlineData("version", "2", "has version 2; this program reads 1 to 1")]
    [InlineData("name", "\"../../etc\"", "\"name\" must be")]
    [InlineData("name", "null", "is not a model description")]
    [InlineData("sha256", "\"ABC\"", "\"sha256\" must be 64")]
    [InlineData("classes", "[]", "\"classes\" must be 2 to 1024")]
    [InlineData("classes", "[null, null]", "each class needs an \"id\"")]
    [InlineData("classes", "[{\"id\":\"a\",\"kind\":\"none\",\"manufacturer\":null,\"model\":null,\"label\":\"a\"},{\"id\":\"a\",\"kind\":\"none\",\"manufacturer\":null,\"model\":null,\"label\":\"a\"}]", "class a is there twice")]
    [InlineData("classes", "[{\"id\":\"a\",\"kind\":\"device\",\"manufacturer\":null,\"model\":\"m\",\"label\":\"a\"},{\"id\":\"b\",\"kind\":\"none\",\"manufacturer\":null,\"model\":null,\"label\":\"a\"}]", "class a is a device, so it needs")]
    [InlineData("classes", "[{\"id\":\"a\",\"kind\":\"device\",\"manufacturer\":\"m\",\"model\":\"m\",\"label\":\"a\",\"marketed_from\":19},{\"id\":\"b\",\"kind\":\"none\",\"manufacturer\":null,\"model\":null,\"label\":\"a\"}]", "\"marketed_from\" of class a must be")]
    [InlineData("classes", "[{\"id\":\"a\",\"kind\":3,\"manufacturer\":null,\"model\":null,\"label\":\"a\"}]", "is not a model description")]
    [InlineData("input", "{\"channels\":2,\"height\":64,\"width\":64,\"mean\":[0,0],\"standard_deviation\":[1,1]}", "1 or 3 channels")]
    [InlineData("input", "{\"channels\":1,\"height\":640000,\"width\":64,\"mean\":[0],\"standard_deviation\":[1]}", "16 to 2048 pixels")]
    [InlineData("input", "{\"channels\":1,\"height\":64,\"width\":64,\"mean\":[0],\"standard_deviation\":[0]}", "standard deviations of 0.001")]
    [InlineData("input", "{\"channels\":1,\"height\":64,\"width\":64,\"mean\":[],\"standard_deviation\":[1]}", "one mean and one standard deviation per channel")]
    [InlineData("tensors", "{\"input\":\"x\",\"logits\":\"x\",\"feature_maps\":\"a\",\"gradients\":\"g\"}", "four different names")]
    [InlineData("temperature", "0", "\"temperature\" must be")]
    [InlineData("temperature", "\"NaN\"", "is not a model description")]
    [InlineData("temperature", "1e99", "\"temperature\" must be")]
    [InlineData("thresholds", "{\"minimum_probability\":1.5,\"maximum_energy\":null,\"conformal\":null,\"data\":\"\"}", "\"minimum_probability\" must be")]
    [InlineData("thresholds", "{\"minimum_probability\":0.5,\"maximum_energy\":1e30,\"conformal\":null,\"data\":\"\"}", "\"maximum_energy\" must be")]
    [InlineData("thresholds", "{\"minimum_probability\":0.5,\"maximum_energy\":null,\"conformal\":[0.5],\"data\":\"\"}", "\"conformal\" must be")]
    [InlineData("thresholds", "{\"minimum_probability\":0.5,\"maximum_energy\":null,\"conformal\":null,\"conformal_films\":[3],\"data\":\"\"}", "\"conformal_films\" must be")]
    [InlineData("thresholds", "{\"minimum_probability\":0.5,\"maximum_energy\":null,\"conformal\":null,\"conformal_miss\":1,\"data\":\"\"}", "\"conformal_miss\" must")]
    public void A_model_json_out_of_bounds_is_refused_with_what_is_wrong(string field, string value, string says)
    {
        var package = _folder.Tiny();
        var path = Path.Combine(package.Folder, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        var refusal = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(package.Folder));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}")]
    public void A_model_json_that_is_none_is_refused(string text)
    {
        var package = _folder.Tiny();
        File.WriteAllText(Path.Combine(package.Folder, "model.json"), text);
        Assert.Throws<ModelPackageException>(() => ModelPackage.Load(package.Folder));
    }

    [Fact]
    public void A_folder_that_holds_something_is_not_written_to()
    {
        var package = _folder.Tiny();
        var before = File.ReadAllText(Path.Combine(package.Folder, "model.json"), Encoding.UTF8);
        var refusal = Assert.Throws<ModelPackageException>(() => package.Save(package.Folder, [1], ""));
        Assert.Contains("is not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(package.Folder, "model.json"), Encoding.UTF8));
    }

    [Fact]
    public void A_package_that_cannot_be_written_leaves_nothing()
    {
        var package = _folder.Tiny();
        File.WriteAllText(_folder.At("file"), "");
        Assert.Throws<ModelPackageException>(() => package.Save(Path.Combine(_folder.At("file"), "below"), [1], ""));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.At("")), entry => entry.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
