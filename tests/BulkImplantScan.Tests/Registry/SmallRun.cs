using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;

namespace BulkImplantScan.Tests.Registry;

/// <summary>A run on disk made of given rows: written by the product's own writers, read by DuckDB.</summary>
internal sealed class SmallRun : IDisposable
{
    public static readonly RunModel Model = new("test-model", new string('a', 64),
    [
        new("a", "device", "Acme", "Nail"), new("b", "device", "Beta", "Screw"),
        new("none", "none", null, null), new("unknown", "unknown", null, null),
    ]);

    private readonly TemporaryFolder _folder = new();

    public SmallRun(IReadOnlyList<FilmRow> rows, string name = "run", int partRows = 3, long? films = null, RunModel? model = null)
    {
        FullPath = _folder[name];
        Folder = RunFolder.Create(FullPath, new()
        {
            ProductVersion = "test",
            ArchiveRoot = "/archive",
            ChunkFilms = partRows,
            SiteKeyId = "key",
        });

        using (var inventory = new InventoryWriter(Folder.InventoryPath, partRows))
        {
            foreach (var film in rows.GroupBy(row => row.FilmIndex).Select(group => group.First()).OrderBy(row => row.FilmIndex))
            {
                inventory.Add(new()
                {
                    FilmIndex = film.FilmIndex,
                    FilmKey = film.FilmKey,
                    Path = System.Text.Encoding.UTF8.GetBytes($"films/{film.FilmIndex}"),
                    Facts = film.Facts,
                });
            }

            inventory.Publish();
        }

        Folder.Save(Folder.Manifest with { Films = films ?? rows.Select(row => row.FilmIndex).Distinct().Count() });
        Folder.Begin(model ?? Model, new() { DeviceKind = "cpu", Precision = "fp32", MaxFilmBytes = 1 << 30 });
        foreach (var (part, number) in rows.Chunk(partRows).Select((part, number) => (part, number)))
            PartFile.Write(Folder.PartPath(number), part);
    }

    public string FullPath { get; }

    public RunFolder Folder { get; }

    public static FilmRow Row(
        int index, FilmStatus status, string? device = null, string? patient = "p1", string? study = null, string? side = "L",
        string? date = "2020-03-04", Reason? reason = null, string? instance = null, string? pixels = null, float? probability = null,
        FilmFacts? facts = null)
    {
        var made = Model.Classes.FirstOrDefault(c => c.Id == device);
        return new()
        {
            FilmIndex = index,
            FilmKey = index.ToString("x32"),
            Facts = (facts ?? new() { Site = "s1", Sex = "F", AgeBand = "80-89", MachineMaker = "Maker", MachineModel = "M1", Modality = "DX" }) with
            {
                Patient = patient,
                Study = study ?? $"{patient} {date}",
                Instance = instance ?? $"instance {index}",
                Side = side,
                StudyDate = date is null ? null : DateOnly.Parse(date),
            },
            Status = status,
            Reason = reason ?? status switch
            {
                FilmStatus.Abstained => Reason.LowConfidence,
                FilmStatus.Rejected => Reason.NotDicom,
                FilmStatus.Failed => Reason.TruncatedPixelData,
                _ => Reason.None,
            },
            PixelHash = pixels,
            TopClass = status is FilmStatus.Rejected or FilmStatus.Failed ? null : device ?? "none",
            Manufacturer = status == FilmStatus.Identified ? made?.Manufacturer : null,
            Model = status == FilmStatus.Identified ? made?.Model : null,
            Probability = status is FilmStatus.Rejected or FilmStatus.Failed ? null : probability ?? 0.95f,
        };
    }

    public void Dispose() => _folder.Dispose();
}
