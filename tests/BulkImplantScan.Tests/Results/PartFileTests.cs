using BulkImplantScan.Results;
using CsCheck;
using DuckDB.NET.Data;

namespace BulkImplantScan.Tests.Results;

public sealed class PartFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_rows_come_back_as_they_were_written() => RandomRows.Row.Array[1, 20].Sample(rows =>
    {
        PartFile.Write(_folder["part.parquet"], rows);
        var read = PartFile.Read(_folder["part.parquet"]);
        Assert.Equal(rows.Length, read.Length);
        for (var i = 0; i < rows.Length; i++) RandomRows.AssertEqual(rows[i], read[i]);
    }, iter: 200, threads: 1);

    [Fact]
    public void The_same_rows_give_the_same_bytes()
    {
        PartFile.Write(_folder["a"], RandomRows.Fixed(500));
        PartFile.Write(_folder["b"], RandomRows.Fixed(500));
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
    }

    [Fact]
    public void A_part_names_neither_machine_nor_path()
    {
        PartFile.Write(_folder["part.parquet"], RandomRows.Fixed(3));
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder["part.parquet"]));
        Assert.DoesNotContain(Environment.MachineName, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_folder.FullPath, text, StringComparison.Ordinal);
    }

    [Fact]
    public void DuckDB_reads_the_columns_with_the_documented_types()
    {
        PartFile.Write(_folder["part.parquet"], RandomRows.Fixed(10));
        var columns = Query("select column_name, column_type from (describe select * from part)")
            .Select(row => $"{row[0]} {row[1]}");
        Assert.Equal(
        [
            "film_index BIGINT", "film_key VARCHAR", "region VARCHAR", "frame INTEGER", "patient VARCHAR", "study VARCHAR",
            "instance VARCHAR", "site VARCHAR", "study_date DATE", "side VARCHAR", "view VARCHAR", "age_band VARCHAR",
            "sex VARCHAR", "modality VARCHAR", "body_part VARCHAR", "machine_maker VARCHAR", "machine_model VARCHAR",
            "sop_class VARCHAR", "transfer_syntax VARCHAR", "photometric VARCHAR", "rows INTEGER", "columns INTEGER",
            "bits_stored INTEGER", "kv_band VARCHAR", "mas_band VARCHAR", "status VARCHAR", "reason VARCHAR", "detail VARCHAR", "file_offset BIGINT",
            "decoder VARCHAR", "voi VARCHAR", "notes VARCHAR[]", "field_top INTEGER", "field_left INTEGER",
            "field_height INTEGER", "field_width INTEGER", "pixel_hash VARCHAR", "top_class VARCHAR", "manufacturer VARCHAR",
            "model VARCHAR", "probability FLOAT", "probabilities FLOAT[]", "conformal_set VARCHAR[]", "energy FLOAT", "feature_distance FLOAT",
            "embedding BLOB", "cam BLOB", "cam_height INTEGER", "cam_width INTEGER", "cam_peak FLOAT", "cam_peak_y FLOAT",
            "cam_peak_x FLOAT", "cam_mass_in_film FLOAT", "cam_empty BOOLEAN",
        ], columns);
    }

    [Fact]
    public void DuckDB_reads_the_values_that_were_written()
    {
        var rows = RandomRows.Fixed(1000);
        PartFile.Write(_folder["part.parquet"], rows);
        var read = Query(
            """
            select film_index, film_key, study_date::varchar, status, reason, probability, probabilities[2], len(conformal_set),
                   conformal_set[1], octet_length(embedding), hex(cam), cam_empty, site
            from part order by film_index
            """);
        Assert.Equal(rows.Length, read.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            Assert.Equal(
            [
                row.FilmIndex, row.FilmKey, row.Facts.StudyDate!.Value.ToString("yyyy-MM-dd"), row.Status.InRow(),
                row.Reason == Reason.None ? null : row.Reason.InRow(), row.Probability!.Value, row.Probabilities[1],
                (long)row.ConformalSet.Length, row.ConformalSet.FirstOrDefault(), (long)row.Embedding.Length,
                Convert.ToHexString(row.Cam), row.CamEmpty!.Value, null,
            ], read[i]);
        }
    }

    [Fact]
    public void DuckDB_prunes_by_date_without_losing_rows()
    {
        PartFile.Write(_folder["part.parquet"], RandomRows.Fixed(1000));
        var counted = Query("select count(*) from part where study_date between date '2014-06-11' and date '2014-06-20'");
        Assert.Equal(10L, counted[0][0]);
    }

    [Fact]
    public void A_damaged_part_is_refused_with_a_sentence_wherever_the_damage_is()
    {
        PartFile.Write(_folder["part.parquet"], RandomRows.Fixed(50));
        var bytes = File.ReadAllBytes(_folder["part.parquet"]);
        for (var length = 0; length < bytes.Length; length += 997)
        {
            File.WriteAllBytes(_folder["cut"], bytes[..length]);
            var refused = Assert.Throws<RunFolderException>(() => PartFile.Read(_folder["cut"]));
            Assert.Contains("scan again", refused.Message, StringComparison.Ordinal);
        }
    }

    private List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"create view part as select * from read_parquet('{_folder["part.parquet"].Replace("'", "''", StringComparison.Ordinal)}')";
        command.ExecuteNonQuery();
#pragma warning disable CA2100 // the tests' own SQL
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }
}
