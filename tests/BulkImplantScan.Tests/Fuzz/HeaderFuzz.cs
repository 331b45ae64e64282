using System.Diagnostics;
using BulkImplantScan.Archive;
using BulkImplantScan.Dicom;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>One input through the index: a file on disk, its rows of the inventory.</summary>
internal sealed class HeaderFuzz : IFuzzTarget
{
    private static readonly DicomTag[] Tags =
        [.. typeof(DicomTags).GetFields().Where(f => f.FieldType == typeof(DicomTag)).Select(f => (DicomTag)f.GetValue(null)!)];

    private readonly string _folder = Directory.CreateTempSubdirectory("bis-fuzz-").FullName;
    private readonly FileStream _file;
    private readonly PixelBufferPool _pool;
    private readonly FileIndexer _indexer;
    private readonly DicomDataset _dataset = new();
    private readonly List<InventoryFilm> _rows = [];
    private readonly byte[] _path = "film"u8.ToArray();
    private long _rented;
    private int _count;

    public HeaderFuzz()
    {
        _file = new(Path.Combine(_folder, "film"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _pool = new() { Renting = buffer => _rented += buffer.CapacityBytes };
        _indexer = Archive.OneFolderIndexer.Of(_folder, _pool);
    }

    public bool IsFilm => false;

    public long AllocatedBytes { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public string Outcome { get; private set; } = "";

    /// <inheritdoc/>
    public FuzzFault? Try(FuzzSeed seed, List<Edit> edits, ReadOnlySpan<byte> input)
    {
        RandomAccess.Write(_file.SafeFileHandle, input, 0);
        RandomAccess.SetLength(_file.SafeFileHandle, input.Length);
        _rows.Clear();
        _rented = 0;
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _rows.AddRange(_indexer.Index(new(_path, ArchiveEntryKind.File, null)));
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before + _rented;
        Elapsed = Stopwatch.GetElapsedTime(started);
        Outcome = _rows.Count == 0 ? "" : _rows[0].Reason.ToString();
        if (_rows.Count == 0) return new("no row");
        if (_rows.Count > FileIndexer.MaximumFrames) return new("more rows than the limit");
        if (AllocatedBytes > Allowed(input.Length)) return new($"{AllocatedBytes} bytes taken for a file of {input.Length}", IsMeasured: true);

        // The index reads as little as it can: what it finds must be what is there.
        var whole = DicomReader.Parse(input, isWholeFile: true, _dataset);
        if (whole.Status == ParseStatus.Deflated) return null;
        var isSame = whole.Reason == Reason.None
            ? _rows[0].Reason is not (Reason.NotDicom or Reason.MalformedDataSet)
            : _rows[0].Reason == whole.Reason || input.IsEmpty;
        if (!isSame) return new($"{_rows[0].Reason} by its first bytes, {whole.Status} as a whole");
        if (whole.Status != ParseStatus.Ok) return null;
        var description = _dataset.DescribePixels(input);
        if (description.Rows != _rows[0].Facts.Rows || description.Columns != _rows[0].Facts.Columns) return new("other rows and columns as a whole");
        if (_dataset.PixelData is { } pixels && pixels.Offset > input.Length) return new("pixel data outside the file");
        if (_count++ % 8 == 0) AskAll(input);
        return null;
    }

    public void Dispose()
    {
        _indexer.Dispose();
        _pool.Dispose();
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Rows, names and buffers that double: a megabyte. A deflated file may give a thousand times its size.
    private static long Allowed(int length) => 4 * ((1L << 20) + 1032L * Math.Min(length, 4096) + 2L * length);

    private void AskAll(ReadOnlySpan<byte> input)
    {
        foreach (var tag in Tags)
        {
            _dataset.GetString(input, tag);
            _dataset.GetStrings(input, tag);
            _dataset.GetInt32(input, tag);
            _dataset.GetDoubles(input, tag);
            if (_dataset.Find(tag) is { } element && (element.Offset < 0 || element.Offset > input.Length))
                throw new InvalidOperationException($"{tag} lies outside the file");
            if (tag.Group == 0x0028) DicomReader.TryGetItem(input, _dataset, tag, 0, new());
        }
    }
}
