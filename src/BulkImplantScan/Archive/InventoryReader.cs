using BulkImplantScan.Results;
using Parquet;

namespace BulkImplantScan.Archive;

/// <summary>Reads <c>inventory.parquet</c>, a chunk at a time.</summary>
/// <remarks>Calls from many threads take turns: they share one file.</remarks>
public sealed class InventoryReader : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly Chunk[] _chunks;
    private readonly Lock _turn = new();

    /// <summary>Opens an inventory and reads where its chunks are.</summary>
    /// <exception cref="RunFolderException">It is missing, or damaged.</exception>
    public InventoryReader(string path)
    {
        _path = path;
        FileStream? file = null;
        try
        {
            _file = file = File.OpenRead(path);
            _reader = ParquetReader.CreateAsync(file, ParquetFile.Options).GetAwaiter().GetResult();
            _chunks = new Chunk[_reader.RowGroupCount];
            for (var number = 0; number < _chunks.Length; number++)
            {
                var films = _reader.RowGroups[number].RowCount;
                if (films is < 1 or > RunFolder.MaximumChunkFilms) throw new InvalidDataException($"a chunk of {films} films");
                _chunks[number] = new(number, FilmCount, (int)films);
                FilmCount += films;
            }
        }
        catch (Exception e) when (ParquetFile.IsDamage(e))
        {
            file?.Dispose();
            throw Damaged(e);
        }
    }

    /// <summary>Rows of the inventory.</summary>
    public long FilmCount { get; }

    /// <summary>All chunks, in order.</summary>
    public IReadOnlyList<Chunk> Chunks => _chunks;

    /// <summary>The films of one chunk, in order.</summary>
    /// <param name="chunk">Number, [0, number of chunks).</param>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    public InventoryFilm[] ReadChunk(int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chunk, _chunks.Length);
        try
        {
            lock (_turn)
            {
                using var group = _reader.OpenRowGroupReader(chunk);
                return ReadFilms(new(group, _reader.Schema, RunFolder.MaximumChunkFilms), _chunks[chunk].FirstFilm);
            }
        }
        catch (Exception e) when (ParquetFile.IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static InventoryFilm[] ReadFilms(ColumnReader columns, long first)
    {
        var filmIndex = columns.Value<long>("film_index");
        var filmKey = columns.Text("film_key");
        var path = columns.Blob("path");
        var hasPlaces = columns.Has("root"); // runs of format 1 know one root, and no containers
        var root = hasPlaces ? columns.Value<int>("root") : new int[columns.Rows];
        var member = hasPlaces ? columns.Blob("member") : null;
        var memberAt = hasPlaces ? columns.Optional<long>("member_at") : null;
        var nested = hasPlaces ? columns.Blob("nested_member") : null;
        var nestedAt = hasPlaces ? columns.Optional<long>("nested_at") : null;
        var frame = columns.Value<int>("frame");
        var frames = columns.Value<int>("frames");
        var fileBytes = columns.Value<long>("file_bytes");
        var reason = columns.Text("reason");
        var detail = columns.Text("detail");
        var fileOffset = columns.Optional<long>("file_offset");
        var facts = FactsColumns.Read(columns);

        var films = new InventoryFilm[columns.Rows];
        for (var i = 0; i < films.Length; i++)
        {
            if (filmIndex[i] != first + i) throw new InvalidDataException($"film {filmIndex[i]} where {first + i} should be");
            films[i] = new()
            {
                FilmIndex = filmIndex[i],
                FilmKey = filmKey[i] ?? throw new InvalidDataException("a film without a key"),
                Root = root[i],
                Path = path[i],
                Member = memberAt?[i] is { } at ? new(member![i], at) : null,
                Nested = nestedAt?[i] is { } inner ? new(nested![i], inner) : null,
                Frame = frame[i],
                Frames = frames[i],
                FileBytes = fileBytes[i],
                Reason = ClosedList.ToReason(reason[i]),
                Detail = detail[i],
                FileOffset = fileOffset[i],
                Facts = facts[i],
            };
        }

        return films;
    }

    private RunFolderException Damaged(Exception e) => new(
        $"{_path} is no inventory that can be read ({e.Message.TrimEnd('.')}). Delete it and index again.", e);
}
