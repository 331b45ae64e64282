using BulkImplantScan.Archive;
using BulkImplantScan.Results;
using BulkImplantScan.Tests.Results;
using CsCheck;
using DuckDB.NET.Data;
using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Tests.Archive;

public sealed class InventoryTests : IDisposable
{
    private static readonly Gen<InventoryFilm> Film =
        from facts in RandomRows.Facts
        from path in Gen.Byte.Array[0, 30]
        from reason in Gen.Enum<Reason>()
        from frame in Gen.Int[1, 1024]
        from bytes in Gen.Long[0, long.MaxValue]
        from member in Gen.OneOf(Gen.Const(() => (ArchiveMember?)null), Gen.Select(Gen.Byte.Array[0, 20], Gen.Long, (name, at) => (ArchiveMember?)new ArchiveMember(name, at)))
        from root in Gen.Int[0, 9]
        from offset in Gen.OneOf(Gen.Const(() => (long?)null), Gen.Long.Select(value => (long?)value))
        select new InventoryFilm
        {
            FilmIndex = 0,
            FilmKey = bytes.ToString("x32"),
            Root = root,
            Path = path,
            Member = member,
            Nested = member is null ? null : new(path, bytes),
            Frame = frame,
            Frames = 1024,
            FileBytes = bytes,
            Reason = reason,
            Detail = reason == Reason.None ? null : "detail",
            FileOffset = offset,
            Facts = facts,
        };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_films_come_back_chunk_by_chunk() => Gen.Select(Film.Array[1, 40], Gen.Int[1, 12]).Sample((films, chunkFilms) =>
    {
        Write(films, chunkFilms);
        using var reader = new InventoryReader(_folder["inventory.parquet"]);
        Assert.Equal(films.Length, reader.FilmCount);
        Assert.Equal((films.Length + chunkFilms - 1) / chunkFilms, reader.Chunks.Count);
        var read = reader.Chunks.SelectMany(chunk => reader.ReadChunk(chunk.Number)).ToArray();
        for (var i = 0; i < films.Length; i++)
        {
            Assert.Equal(films[i].Path, read[i].Path);
            Assert.Equal(films[i] with { FilmIndex = i, Path = read[i].Path }, read[i]);
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void An_inventory_that_is_not_published_leaves_nothing()
    {
        using (var writer = new InventoryWriter(_folder["inventory.parquet"], 2))
            for (var i = 0; i < 5; i++) writer.Add(Film.Single() with { FilmIndex = i });
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void DuckDB_reads_paths_as_bytes_and_dates_as_dates()
    {
        Write([Film.Single() with { Path = [0x61, 0x0A, 0xFF], Facts = new() { StudyDate = new(2020, 2, 29) } }], 4);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"select hex(path), typeof(path), study_date::varchar, typeof(study_date) from read_parquet('{_folder["inventory.parquet"]}')";
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(["610AFF", "BLOB", "2020-02-29", "DATE"], Enumerable.Range(0, 4).Select(reader.GetString));
    }

    [Fact]
    public async Task An_inventory_of_the_first_format_which_knew_no_containers_is_read()
    {
        var film = Film.Single() with { Root = 0, Path = [0x61], Member = null, Nested = null };
        var schema = new ParquetSchema(
        [
            new DataField<long>("film_index"), new DataField("film_key", typeof(string), isNullable: false), new DataField("path", typeof(byte[]), isNullable: false),
            new DataField<int>("frame"), new DataField<int>("frames"), new DataField<long>("file_bytes"), new DataField<string>("reason"),
            new DataField<string>("detail"), new DataField<long?>("file_offset"), .. FactsColumns.Fields(),
        ]);
        await using (var stream = File.Create(_folder["inventory.parquet"]))
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, stream, ParquetFile.Options);
            using (var group = writer.CreateRowGroup())
            {
                var columns = new ColumnWriter<InventoryFilm>(group, schema, [film]);
                columns.Value(row => row.FilmIndex);
                columns.Text(row => row.FilmKey);
                columns.Blob(row => row.Path);
                columns.Value(row => row.Frame);
                columns.Value(row => row.Frames);
                columns.Value(row => row.FileBytes);
                columns.Text(row => ClosedList.ToColumn(row.Reason));
                columns.Text(row => row.Detail);
                columns.Optional(row => row.FileOffset);
                FactsColumns.Write(columns, row => row.Facts);
            }
        }

        using var reader = new InventoryReader(_folder["inventory.parquet"]);
        var read = Assert.Single(reader.ReadChunk(0));
        Assert.Equal(film with { Path = read.Path }, read);
        Assert.Equal((0, null, null), (read.Root, read.Member, read.Nested));
    }

    [Fact]
    public void A_damaged_inventory_is_refused_with_a_sentence()
    {
        Write(Film.Array[20].Single(), 5);
        var bytes = File.ReadAllBytes(_folder["inventory.parquet"]);
        for (var length = 0; length < bytes.Length; length += 499)
        {
            File.WriteAllBytes(_folder["cut"], bytes[..length]);
            Assert.Contains("index again", Assert.Throws<RunFolderException>(() => new InventoryReader(_folder["cut"])).Message, StringComparison.Ordinal);
        }
    }

    private void Write(InventoryFilm[] films, int chunkFilms)
    {
        using var writer = new InventoryWriter(_folder["inventory.parquet"], chunkFilms);
        for (var i = 0; i < films.Length; i++) writer.Add(films[i] with { FilmIndex = i });
        writer.Publish();
    }
}
