using BulkImplantScan.Results;
using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Archive;

/// <summary>Writes <c>inventory.parquet</c> as the index goes: a row group a chunk, the memory of one chunk.</summary>
/// <remarks>Nothing is seen under the final name before <see cref="Publish"/>. Not for several threads.</remarks>
public sealed class InventoryWriter : IDisposable
{
    private readonly AtomicFile.Pending _file;
    private readonly ParquetSchema _schema = Schema();
    private readonly ParquetWriter _writer;
    private readonly InventoryFilm[] _chunk;
    private int _inChunk;

    /// <summary>Starts an inventory at <paramref name="path"/>.</summary>
    /// <param name="path">The file; an older one is replaced when this one is complete.</param>
    /// <param name="chunkFilms">Films a chunk, 1 to <see cref="RunFolder.MaximumChunkFilms"/>.</param>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public InventoryWriter(string path, int chunkFilms = Chunk.Films)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkFilms);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkFilms, RunFolder.MaximumChunkFilms);
        _chunk = new InventoryFilm[chunkFilms];
        _file = AtomicFile.Begin(path);
        _writer = ParquetWriter.CreateAsync(_schema, _file.Stream, ParquetFile.Options).GetAwaiter().GetResult();
    }

    /// <summary>Films so far.</summary>
    public long FilmCount { get; private set; }

    /// <summary>Adds a film; its <see cref="InventoryFilm.FilmIndex"/> must be <see cref="FilmCount"/>.</summary>
    /// <exception cref="ArgumentException">Another index.</exception>
    /// <exception cref="RunFolderException">The disk is full.</exception>
    public void Add(InventoryFilm film)
    {
        if (film.FilmIndex != FilmCount) throw new ArgumentException($"film {film.FilmIndex} after {FilmCount} films", nameof(film));
        _chunk[_inChunk++] = film;
        FilmCount++;
        if (_inChunk == _chunk.Length) WriteChunk();
    }

    /// <summary>Writes the last chunk and gives the file its name.</summary>
    /// <exception cref="RunFolderException">The disk is full.</exception>
    public void Publish()
    {
        if (_inChunk > 0) WriteChunk();
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Publish();
    }

    /// <summary>Without <see cref="Publish"/>: removes what was written.</summary>
    public void Dispose() => _file.Dispose();

    private static ParquetSchema Schema() => new(
    [
        new DataField<long>("film_index"),
        new DataField("film_key", typeof(string), isNullable: false),
        new DataField<int>("root"),
        new DataField("path", typeof(byte[]), isNullable: false),
        new DataField("member", typeof(byte[]), isNullable: false),
        new DataField<long?>("member_at"),
        new DataField("nested_member", typeof(byte[]), isNullable: false),
        new DataField<long?>("nested_at"),
        new DataField<int>("frame"),
        new DataField<int>("frames"),
        new DataField<long>("file_bytes"),
        new DataField<string>("reason"),
        new DataField<string>("detail"),
        new DataField<long?>("file_offset"),
        .. FactsColumns.Fields(),
    ]);

    private void WriteChunk()
    {
        using var group = _writer.CreateRowGroup();
        var columns = new ColumnWriter<InventoryFilm>(group, _schema, new ArraySegment<InventoryFilm>(_chunk, 0, _inChunk));
        columns.Value(film => film.FilmIndex);
        columns.Text(film => film.FilmKey);
        columns.Value(film => film.Root);
        columns.Blob(film => film.Path);
        columns.Blob(film => film.Member?.Name ?? []);
        columns.Optional(film => film.Member?.At);
        columns.Blob(film => film.Nested?.Name ?? []);
        columns.Optional(film => film.Nested?.At);
        columns.Value(film => film.Frame);
        columns.Value(film => film.Frames);
        columns.Value(film => film.FileBytes);
        columns.Text(film => ClosedList.ToColumn(film.Reason));
        columns.Text(film => film.Detail);
        columns.Optional(film => film.FileOffset);
        FactsColumns.Write(columns, film => film.Facts);
        group.CompleteValidate();
        Array.Clear(_chunk);
        _inChunk = 0;
    }
}
