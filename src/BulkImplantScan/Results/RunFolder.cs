using System.Globalization;
using System.Text.Json;
using BulkImplantScan.Archive;

namespace BulkImplantScan.Results;

/// <summary>A run: the folder that holds everything that is known of one pass over one archive.</summary>
/// <remarks><code>
/// run.json            what the run belongs to (archive, key, model, settings)
/// triage.json         which films are judged, by their headers
/// inventory.parquet   a row a film
/// parts/part-NNNNNN.parquet   a row a film and region, a file a chunk
/// overlays/KEY.png    Grad-CAM over the film (KEY-left.png, KEY-right.png: over a hip of a pelvis)
/// report/, evaluation/, log   for people
/// </code>
/// Every file appears in one step (<see cref="AtomicFile"/>), so there is no state but which files exist, and no lock: two
/// scans of one run may do the same chunk twice, and then write the same bytes. All members are safe for many threads but
/// <see cref="Begin"/> and <see cref="Save"/>, which belong to whoever starts the run.</remarks>
public sealed class RunFolder
{
    /// <summary>Upper bound of <see cref="RunManifest.ChunkFilms"/>.</summary>
    public const int MaximumChunkFilms = 1 << 16;

    private const string ManifestName = "run.json";
    private const int MaximumManifestBytes = 16 << 20;
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private RunFolder(string path, RunManifest manifest)
    {
        (FullPath, Manifest) = (path, manifest);
    }

    /// <summary>Full path of the folder.</summary>
    public string FullPath { get; }

    /// <summary>What <c>run.json</c> says.</summary>
    public RunManifest Manifest { get; private set; }

    /// <summary>True when the index has finished.</summary>
    public bool HasInventory => Manifest.Films is not null && File.Exists(InventoryPath);

    /// <summary><c>inventory.parquet</c>.</summary>
    public string InventoryPath => Path.Combine(FullPath, "inventory.parquet");

    /// <summary><c>triage.json</c>: the triage that the run was indexed with.</summary>
    public string TriagePath => Path.Combine(FullPath, "triage.json");

    /// <summary>The folder of the parts.</summary>
    public string PartsPath => Path.Combine(FullPath, "parts");

    /// <summary>The folder of the overlays.</summary>
    public string OverlaysPath => Path.Combine(FullPath, "overlays");

    /// <summary>The folder of the report.</summary>
    public string ReportPath => Path.Combine(FullPath, "report");

    /// <summary>The log of stage times and incidents: not deterministic, hence not in the rows.</summary>
    public string LogPath => Path.Combine(FullPath, "log");

    /// <summary>Makes a new run, or takes up one of the same archive, key and chunk size.</summary>
    /// <param name="path">A folder that is missing, empty, or such a run.</param>
    /// <param name="manifest">What the run belongs to; a triage of null means whatever the run has.</param>
    /// <exception cref="RunFolderException">The folder belongs to something else, or cannot be written.</exception>
    public static RunFolder Create(string path, RunManifest manifest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(manifest.ChunkFilms);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(manifest.ChunkFilms, MaximumChunkFilms);
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) throw new RunFolderException($"{full} is a file. Name a folder for the run that is new or empty.");
        if (File.Exists(Path.Combine(full, ManifestName)))
        {
            var run = Open(full);
            run.RequireSame("archive", string.Join(", ", run.Manifest.Roots), string.Join(", ", manifest.Roots));
            run.RequireSame("site key", run.Manifest.SiteKeyId, manifest.SiteKeyId);
            if (manifest.TriageSha256 is { } triage && (run.Manifest.TriageSha256 is not null || run.HasInventory))
                run.RequireSame("triage", Short(run.Manifest.TriageSha256 ?? "none"), Short(triage));
            run.RequireSame("chunk size", Text(run.Manifest.ChunkFilms), Text(manifest.ChunkFilms));

            // Left out, they are what the inventory was made with; before there is one, they must be said again.
            if (manifest.Pictures is not null || !run.HasInventory)
                run.RequireSame("choice of pictures", run.Manifest.Pictures ?? "off", manifest.Pictures ?? "off");
            if (manifest.SidecarSha256 is not null || !run.HasInventory)
                run.RequireSame("sidecar", Short(run.Manifest.SidecarSha256), Short(manifest.SidecarSha256));
            return run;
        }

        AtomicFile.Guard(full, () => Directory.CreateDirectory(full));
        if (AtomicFile.Guard(full, () => Directory.EnumerateFileSystemEntries(full).Any(entry => !AtomicFile.IsTemporary(Path.GetFileName(entry)))))
            throw new RunFolderException($"{full} is not empty and holds no run. Name a folder for the run that is new or empty.");

        AtomicFile.DeleteLeftovers(full);
        var created = new RunFolder(full, manifest);
        created.Save(manifest);
        return created;
    }

    /// <summary>Opens a run and clears away what killed writers left.</summary>
    /// <exception cref="RunFolderException">There is none, it is damaged, or a newer version made it.</exception>
    public static RunFolder Open(string path)
    {
        var full = Path.GetFullPath(path);
        var manifestPath = Path.Combine(full, ManifestName);
        if (!File.Exists(manifestPath))
        {
            throw new RunFolderException(Directory.Exists(full)
                ? $"{full} holds no run (no {ManifestName}). Make one with: index ARCHIVE --run {path}"
                : $"There is no folder {full}. Make a run with: index ARCHIVE --run {path}");
        }

        var run = new RunFolder(full, ReadManifest(manifestPath));
        AtomicFile.DeleteLeftovers(full);
        AtomicFile.DeleteLeftovers(run.PartsPath);
        AtomicFile.DeleteLeftovers(run.OverlaysPath);
        return run;
    }

    /// <summary>Where the part of a chunk lies, whether it exists or not.</summary>
    /// <param name="chunk">Number from 0.</param>
    public string PartPath(int chunk) => Path.Combine(PartsPath, string.Create(CultureInfo.InvariantCulture, $"part-{chunk:D6}.parquet"));

    /// <summary>Where the overlay of a film, or of a region of it, lies, whether it exists or not.</summary>
    public string OverlayPath(string filmKey, string region = FilmRegion.Whole) =>
        Path.Combine(OverlaysPath, (region == FilmRegion.Whole ? filmKey : $"{filmKey}-{region}") + ".png");

    /// <summary>True when the chunk is done.</summary>
    /// <param name="chunk">Number from 0.</param>
    public bool HasPart(int chunk) => File.Exists(PartPath(chunk));

    /// <summary>The chunks that have no part yet, in order: what a scan has to do.</summary>
    public IEnumerable<Chunk> MissingParts(IEnumerable<Chunk> chunks) => chunks.Where(chunk => !HasPart(chunk.Number));

    /// <summary>Says with which model and settings this run is scanned: the first scan decides, the others must agree.</summary>
    /// <exception cref="RunFolderException">The run was begun with another model or with other settings.</exception>
    public void Begin(RunModel model, RunSettings settings, IReadOnlyList<RunDevice>? devices = null)
    {
        if (Manifest.Model is { } before)
        {
            if (before.Sha256 != model.Sha256)
            {
                throw new RunFolderException(
                    $"{FullPath} was begun with the model {before.Name} ({Short(before.Sha256)}), not {model.Name} ({Short(model.Sha256)}). " +
                    "Continue with that one, or start a new run.");
            }

            if (Manifest.Settings is { } then)
            {
                RequireSame("device kind", then.DeviceKind, settings.DeviceKind);
                RequireSame("precision", then.Precision, settings.Precision);
                RequireSame("minimum probability", Text(then.MinimumProbability), Text(settings.MinimumProbability));
                RequireSame("field of view", then.FieldOfView, settings.FieldOfView);
                RequireSame("choice of regions", then.Regions, settings.Regions);
                RequireSame("largest film in bytes", Text(then.MaxFilmBytes), Text(settings.MaxFilmBytes));
                RequireSame("--exact-decode", OnOff(then.ExactDecode), OnOff(settings.ExactDecode));
                RequireSame("--native-codecs", OnOff(then.NativeCodecs), OnOff(settings.NativeCodecs));
            }
        }
        else
        {
            Save(Manifest with { Model = model, Settings = settings });
        }

        if (devices is not null) Save(Manifest with { Devices = [.. devices] });
        AtomicFile.Guard(PartsPath, () => Directory.CreateDirectory(PartsPath));
    }

    /// <summary>Replaces <c>run.json</c>.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Save(RunManifest manifest)
    {
        AtomicFile.Write(Path.Combine(FullPath, ManifestName), stream =>
        {
            JsonSerializer.Serialize(stream, manifest, Json);
            stream.Write("\n"u8);
        });
        Manifest = manifest;
    }

    /// <summary>Checks that pseudonyms of this run can be continued with <paramref name="key"/>.</summary>
    /// <exception cref="RunFolderException">The run was indexed under another key.</exception>
    public void RequireKey(SiteKey key) => RequireSame("site key", Manifest.SiteKeyId, key.Id);

    /// <summary>Checks that the films are read by whom their headers were read by.</summary>
    /// <param name="reader">As <see cref="RunManifest.DicomReader"/>.</param>
    /// <exception cref="RunFolderException">The run was indexed with another reader.</exception>
    public void RequireReader(string reader) => RequireSame("DICOM reader", Manifest.DicomReader ?? "ours", reader);

    /// <summary>Takes back a run in which nothing is yet: a mistyped archive leaves no folder behind.</summary>
    internal void Discard()
    {
        if (HasInventory || Directory.Exists(PartsPath)) return;
        File.Delete(Path.Combine(FullPath, ManifestName));
        File.Delete(TriagePath);
        AtomicFile.DeleteLeftovers(FullPath);
        if (!Directory.EnumerateFileSystemEntries(FullPath).Any()) Directory.Delete(FullPath);
    }

    private static RunManifest ReadManifest(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumManifestBytes) throw new JsonException("it is too large");
            var bytes = File.ReadAllBytes(path);
            using (var document = JsonDocument.Parse(bytes))
            {
                // Before the rest is looked at: a newer layout may lack what this one needs.
                var format = document.RootElement.GetProperty("format").GetInt32();
                if (format > RunManifest.CurrentFormat)
                {
                    throw new RunFolderException(
                        $"{path} was written by a newer version (format {format}; this one knows {RunManifest.CurrentFormat}). " +
                        "Use that version, or start a new run.");
                }
            }

            var manifest = JsonSerializer.Deserialize<RunManifest>(bytes, Json) ?? throw new JsonException("it is null");
            if (manifest.ChunkFilms is < 1 or > MaximumChunkFilms || manifest.ArchiveRoot is null || manifest.MoreRoots is null || Array.Exists(manifest.MoreRoots, root => root is null) || manifest.SiteKeyId is null)
                throw new JsonException("a value is missing or out of range");
            return manifest;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            throw new RunFolderException($"{path} cannot be read ({e.Message.TrimEnd('.')}). Restore it, or start a new run.", e);
        }
    }

    private void RequireSame(string what, string then, string now)
    {
        if (then == now) return;
        throw new RunFolderException(
            $"{FullPath} belongs to another {what} ({then}, not {now}). Use that one, or name a new folder for the run.");
    }

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string OnOff(bool value) => value ? "on" : "off";

    private static string Text(double? value) => value is { } number ? Text(number) : "the model's own";

    private static string Short(string? sha256) => sha256 is null ? "none" : sha256.Length > 8 ? sha256[..8] : sha256;
}
