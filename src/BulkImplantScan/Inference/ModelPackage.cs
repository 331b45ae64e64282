using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using BulkImplantScan.Imaging;

namespace BulkImplantScan.Inference;

/// <summary>A network and all that is needed to use it: the folder with <c>model.onnx</c>, <c>model.json</c> and <c>MODEL_CARD.md</c>.</summary>
/// <remarks>docs/model-package.md is the format. A package comes from anywhere: every size, count and number of model.json
/// is bounded here, and whether the shapes of model.onnx fit is checked by <see cref="NetworkSession"/>.</remarks>
public sealed record ModelPackage
{
    /// <summary>Value of <c>format</c> in model.json.</summary>
    public const string Format = "bulk-implant-scan/model";

    /// <summary>Newest <c>version</c> of model.json that is read, and the one that is written.</summary>
    public const int FormatVersion = 1;

    /// <summary>Largest model.json in bytes.</summary>
    public const int MaximumJsonBytes = 4 << 20;

    /// <summary>Largest model.onnx in bytes: the largest array that protobuf reads is just below 2 GiB.</summary>
    public const int MaximumModelBytes = 1 << 30;

    /// <summary>Most classes of a model.</summary>
    public const int MaximumClasses = 1024;

    /// <summary>Longest <see cref="Name"/>, and longest id of a class.</summary>
    internal const int MaximumNameCharacters = 64;

    /// <summary>Longest <see cref="Training"/>.</summary>
    internal const int MaximumTextCharacters = 2000;

    private const string ModelFile = "model.onnx";
    private const string JsonFile = "model.json";
    private const string CardFile = "MODEL_CARD.md";
    private const int ShortText = 128;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 8,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Where the package lies; empty until it is saved or loaded.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Short name, 1 to 64 of <c>A-Z a-z 0-9 _ - .</c>.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of model.onnx, 64 lower-case hex digits; verified whenever the file is read.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Classes in the order of the logits, 2 to <see cref="MaximumClasses"/>.</summary>
    public required IReadOnlyList<DeviceClass> Classes { get; init; }

    /// <summary>Size and normalisation of the input.</summary>
    public required InputGeometry Input { get; init; }

    /// <summary>Names of input and outputs.</summary>
    public ModelTensors Tensors { get; init; } = new();

    /// <summary>T of softmax(z / T), chosen on validation films (Guo 2017): (0, 100].</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Where the model stops to commit itself.</summary>
    public ModelThresholds Thresholds { get; init; } = new(0, null, null, "none: no thresholds were chosen");

    /// <summary>What the network computes in: <see cref="NetworkPrecision.Fp32"/>, or <see cref="NetworkPrecision.Fp16"/> for a
    /// twin that <see cref="HalfTwin"/> wrote. Its inputs and outputs are fp32 in any case.</summary>
    public NetworkPrecision Precision { get; init; }

    /// <summary>How the network came about, in words, at most 2000 characters.</summary>
    public string Training { get; init; } = "";

    /// <summary>Reads model.json, and model.onnx once to verify its hash.</summary>
    /// <exception cref="ModelPackageException">No package, not this format, out of bounds, or another model.onnx than it says.</exception>
    public static ModelPackage Load(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new ModelPackageException($"{folder} is not a folder; a model package is a folder with {JsonFile} and {ModelFile}.");

        var bytes = Read(folder, JsonFile, MaximumJsonBytes);
        ModelJson json;
        try
        {
            json = JsonSerializer.Deserialize<ModelJson>(bytes, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ModelPackageException($"{Path.Combine(folder, JsonFile)} is not a model description: {e.Message}", e);
        }

        if (json.Format != Format)
            throw new ModelPackageException($"{Path.Combine(folder, JsonFile)} does not say \"format\": \"{Format}\".");
        if (json.Version is < 1 or > FormatVersion)
            throw new ModelPackageException($"{Path.Combine(folder, JsonFile)} has version {json.Version}; this program reads 1 to {FormatVersion}.");

        var package = new ModelPackage
        {
            Folder = folder,
            Name = json.Name,
            Sha256 = json.Sha256,
            Classes = json.Classes,
            Input = json.Input,
            Tensors = json.Tensors,
            Temperature = json.Temperature,
            Thresholds = json.Thresholds,
            Training = json.Training,
            Precision = json.Precision,
        };
        if (package.Fault() is { } fault)
            throw new ModelPackageException($"{Path.Combine(folder, JsonFile)}: {fault}.");
        package.ReadModel();
        return package;
    }

    /// <summary>The bytes of model.onnx, verified: what runs is what was hashed.</summary>
    /// <exception cref="ModelPackageException">Missing, too large, or its SHA-256 is not <see cref="Sha256"/>.</exception>
    public byte[] ReadModel()
    {
        var model = Read(Folder, ModelFile, MaximumModelBytes);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(model));
        return sha256 == Sha256
            ? model
            : throw new ModelPackageException($"{Path.Combine(Folder, ModelFile)} is not the file that {JsonFile} describes: its SHA-256 is {sha256}, not {Sha256}.");
    }

    /// <summary>Writes a package; the folder appears whole or not at all.</summary>
    /// <param name="folder">New, or an empty folder.</param>
    /// <param name="onnx">Content of model.onnx.</param>
    /// <param name="card">Content of MODEL_CARD.md.</param>
    /// <returns>This package with its folder and hash.</returns>
    /// <exception cref="ModelPackageException">The folder holds something, cannot be written, or this record is out of bounds.</exception>
    public ModelPackage Save(string folder, byte[] onnx, string card)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireFree(folder);
        var saved = this with { Folder = folder, Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)) };
        if (saved.Fault() is { } fault) throw new ModelPackageException($"The package is not written: {fault}.");

        var unfinished = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(unfinished);
            File.WriteAllBytes(Path.Combine(unfinished, ModelFile), onnx);
            File.WriteAllText(Path.Combine(unfinished, CardFile), card);
            var json = new ModelJson(
                Format, FormatVersion, saved.Name, saved.Sha256, [.. saved.Classes], saved.Input, saved.Tensors, saved.Temperature, saved.Thresholds, saved.Training, saved.Precision);
            File.WriteAllText(Path.Combine(unfinished, JsonFile), JsonSerializer.Serialize(json, Json) + "\n");
            if (Directory.Exists(folder)) Directory.Delete(folder); // empty, as was checked
            Directory.Move(unfinished, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            throw new ModelPackageException($"The package cannot be written to {folder}: {e.Message}", e);
        }

        return saved;
    }

    /// <summary>Checks that <see cref="Save"/> may write to a folder: before hours of training, not after.</summary>
    /// <exception cref="ModelPackageException">It is a file, or holds something.</exception>
    public static void RequireFree(string folder)
    {
        if (File.Exists(folder)) throw new ModelPackageException($"{folder} is a file; a model package is a folder.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ModelPackageException($"{folder} is not empty; name a new folder for the package, or remove that one.");
    }

    /// <summary>What is out of bounds, as the rest of a sentence; null when all is well.</summary>
    private string? Fault()
    {
        if (!IsId(Name)) return "\"name\" must be 1 to 64 letters, digits, '_', '-' or '.'";
        if (Sha256.Length != 64 || Sha256.AsSpan().ContainsAnyExcept(HexDigits)) return "\"sha256\" must be 64 lower-case hex digits";
        if (Classes.Count is < 2 or > MaximumClasses) return $"\"classes\" must be 2 to {MaximumClasses}";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in Classes)
        {
            if (device is null || !IsId(device.Id)) return "each class needs an \"id\" of 1 to 64 letters, digits, '_', '-' or '.'";
            if (!ids.Add(device.Id)) return $"class {device.Id} is there twice";
            if (!IsText(device.Label, ShortText)) return $"the label of class {device.Id} must be one line of at most {ShortText} characters";
            var named = IsText(device.Manufacturer, ShortText) && IsText(device.Model, ShortText) && device.Manufacturer is not "" && device.Model is not "";
            if (device.Kind == DeviceKind.Device && !named) return $"class {device.Id} is a device, so it needs a manufacturer and a model, each one line of at most {ShortText} characters";
            if (device.Kind != DeviceKind.Device && (device.Manufacturer ?? device.Model) is not null) return $"class {device.Id} is no device, so it has no manufacturer and no model";
            if (device.MarketedFrom is { } year && (device.Kind != DeviceKind.Device || !DeviceClass.IsFirstYear(year))) return $"\"marketed_from\" of class {device.Id} must be a year of 1900 to 2100, and of a device";
        }

        if (Input.Channels is not (1 or 3)) return "\"input\" must have 1 or 3 channels";
        if (Input.Height is < 16 or > 2048 || Input.Width is < 16 or > 2048) return "\"input\" must be 16 to 2048 pixels high and wide";
        if (Input.Mean?.Length != Input.Channels || Input.StandardDeviation?.Length != Input.Channels) return "\"input\" needs one mean and one standard deviation per channel";
        if (!Input.Mean.All(mean => Math.Abs(mean) <= 1e3f) || !Input.StandardDeviation.All(deviation => deviation is >= 1e-3f and <= 1e3f)) return "\"input\" needs means within ±1000 and standard deviations of 0.001 to 1000";
        if (Precision is not (NetworkPrecision.Fp32 or NetworkPrecision.Fp16)) return "\"precision\" must be fp32 or fp16";
        string[] names = [Tensors.Input, Tensors.Logits, Tensors.FeatureMaps, Tensors.Gradients];
        if (!names.All(name => IsText(name, ShortText) && name.Length > 0) || names.Distinct(StringComparer.Ordinal).Count() != names.Length) return $"\"tensors\" must be four different names of at most {ShortText} characters";
        if (Temperature is not (> 0 and <= 100)) return "\"temperature\" must be above 0 and at most 100";
        if (Thresholds.MinimumProbability is not (>= 0 and <= 1)) return "\"minimum_probability\" must be 0 to 1";
        if (Thresholds.MaximumEnergy is { } energy && !(Math.Abs(energy) <= 1e6f)) return "\"maximum_energy\" must be a finite number within ±1e6";
        if (Thresholds.Conformal is { } conformal && (conformal.Length != Classes.Count || !conformal.All(q => q is >= 0 and <= 1))) return "\"conformal\" must be one number of 0 to 1 per class";
        if (Thresholds.ConformalFilms is { } films && (films.Length != Classes.Count || !films.All(n => n is >= 0 and <= 100_000_000))) return "\"conformal_films\" must be one number of films per class";
        if (Thresholds.Features?.Fault(Classes.Count(device => device.Answers)) is { } features) return features;
        if (Thresholds.Answers?.Fault() is { } answers) return answers;
        if (Thresholds.ConformalMiss is not (null or > 0 and < 1)) return "\"conformal_miss\" must lie between 0 and 1";
        if (Thresholds.Data is null || Thresholds.Data.Length > MaximumTextCharacters) return $"\"data\" of the thresholds must be at most {MaximumTextCharacters} characters";
        return Training.Length > MaximumTextCharacters ? $"\"training\" must be at most {MaximumTextCharacters} characters" : null;
    }

    private static bool IsId(string? text) => text is { Length: > 0 and <= MaximumNameCharacters } && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool IsText(string? text, int length) => text is not null && text.Length <= length && !text.Any(char.IsControl);

    private static byte[] Read(string folder, string file, int limit)
    {
        var path = Path.Combine(folder, file);
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > limit) throw new ModelPackageException($"{path} has {stream.Length} bytes; the limit is {limit}.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (FileNotFoundException e)
        {
            throw new ModelPackageException($"{folder} has no {file}; a model package is a folder with {JsonFile} and {ModelFile}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelPackageException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>model.json as it is written.</summary>
    private sealed record ModelJson(
        string Format,
        int Version,
        string Name,
        string Sha256,
        DeviceClass[] Classes,
        InputGeometry Input,
        ModelTensors Tensors,
        float Temperature,
        ModelThresholds Thresholds,
        string Training,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] NetworkPrecision Precision = NetworkPrecision.Fp32); // packages of older programs do not say
}
