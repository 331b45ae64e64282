using System.Globalization;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Results;
using DuckDB.NET.Data;

namespace BulkImplantScan.Registry;

/// <summary>SQL over one run: an in-memory DuckDB whose views read the run's Parquet files where they lie.</summary>
/// <remarks><code>
/// films       every row of every part, duplicate_of and duplicate_kind
/// outcomes    of them one a film: of a pelvis that of the hip that says most
/// inventory   every film of the archive, scanned or not
/// classes     the classes of the model
/// judged      films, and hips of pelves, that the network judged, without duplicates
/// implants    patient × side × device
/// </code>
/// docs/statistics.md explains them to users. The parts are those that exist when the database is opened, so that all
/// questions to it see the same rows while a scan goes on. Not for several threads.</remarks>
public sealed class RunDatabase : IDisposable
{
    /// <summary>Columns of a part with their DuckDB types: those of a run without parts, or with parts of an earlier version.</summary>
    private const string PartColumns = """
        film_index BIGINT, film_key VARCHAR, region VARCHAR, frame INTEGER, patient VARCHAR, study VARCHAR, instance VARCHAR,
        site VARCHAR, study_date DATE, side VARCHAR, "view" VARCHAR, age_band VARCHAR, sex VARCHAR, modality VARCHAR,
        body_part VARCHAR, machine_maker VARCHAR, machine_model VARCHAR, sop_class VARCHAR, transfer_syntax VARCHAR,
        photometric VARCHAR, "rows" INTEGER, "columns" INTEGER, bits_stored INTEGER, kv_band VARCHAR, mas_band VARCHAR, status VARCHAR, reason VARCHAR,
        detail VARCHAR, file_offset BIGINT, decoder VARCHAR, voi VARCHAR, notes VARCHAR[], field_top INTEGER,
        field_left INTEGER, field_height INTEGER, field_width INTEGER, pixel_hash VARCHAR, top_class VARCHAR,
        manufacturer VARCHAR, model VARCHAR, probability FLOAT, probabilities FLOAT[], conformal_set VARCHAR[], energy FLOAT, feature_distance FLOAT,
        embedding BLOB, cam BLOB, cam_height INTEGER, cam_width INTEGER, cam_peak FLOAT, cam_peak_y FLOAT, cam_peak_x FLOAT,
        cam_mass_in_film FLOAT, cam_empty BOOLEAN
        """;

    private const string InventoryColumns = """
        film_index BIGINT, film_key VARCHAR, root INTEGER, path BLOB, member BLOB, member_at BIGINT, nested_member BLOB,
        nested_at BIGINT, frame INTEGER, frames INTEGER, file_bytes BIGINT, reason VARCHAR,
        detail VARCHAR, file_offset BIGINT, patient VARCHAR, study VARCHAR, instance VARCHAR, site VARCHAR, study_date DATE,
        side VARCHAR, "view" VARCHAR, age_band VARCHAR, sex VARCHAR, modality VARCHAR, body_part VARCHAR,
        machine_maker VARCHAR, machine_model VARCHAR, sop_class VARCHAR, transfer_syntax VARCHAR, photometric VARCHAR,
        "rows" INTEGER, "columns" INTEGER, bits_stored INTEGER, kv_band VARCHAR, mas_band VARCHAR
        """;

    private readonly DuckDBConnection _connection;
    private readonly string _temporaryFolder;

    private RunDatabase(RunFolder run, DuckDBConnection connection, string temporaryFolder)
    {
        (Run, _connection, _temporaryFolder) = (run, connection, temporaryFolder);
    }

    /// <summary>The run that is asked.</summary>
    public RunFolder Run { get; }

    /// <summary>Parts that the views read.</summary>
    public int Parts { get; private init; }

    /// <summary>Part files that are no Parquet; the views leave them out. Empty unless opened with <c>skipUnreadable</c>.</summary>
    internal IReadOnlyList<string> UnreadableParts { get; private init; } = [];

    /// <summary>Opens a run for questions that cannot change it: no statement writes a file, reads one outside the run, or
    /// loads an extension.</summary>
    /// <param name="runFolder">The run; its name may hold any character.</param>
    /// <param name="options">Limits; null for the usual ones.</param>
    /// <exception cref="RunFolderException">There is no run, or a file of it is damaged.</exception>
    public static RunDatabase Open(string runFolder, RunDatabaseOptions? options = null) =>
        Open(RunFolder.Open(runFolder), options ?? new(), locked: true, skipUnreadable: false);

    internal static RunDatabase Open(RunFolder run, RunDatabaseOptions options, bool locked, bool skipUnreadable)
    {
        var parts = PartsOf(run);
        var temporaryFolder = Directory.CreateTempSubdirectory("bulkimplantscan-sql-").FullName; // nobody else may read it
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
                SET threads = {Math.Max(1, options.Threads)};
                SET memory_limit = '{Math.Max(64, options.MemoryMebibytes)}MiB';
                SET temp_directory = {Quote(temporaryFolder)};
                SET max_temp_directory_size = '{Math.Max(1, options.TemporaryMebibytes)}MiB';
                SET autoinstall_known_extensions = false;
                SET autoload_known_extensions = false;
                SET allow_community_extensions = false;
                SET enable_progress_bar = false;
                """));

            var unreadable = parts.Where(part => !IsReadable(connection, part, everyPage: skipUnreadable)).ToArray();
            if (unreadable.Length > 0 && !skipUnreadable)
                throw new RunFolderException($"{unreadable[0]} is no part that can be read. Delete it and scan again.");
            var readable = parts.Except(unreadable).ToArray();

            try
            {
                AddClasses(connection, run);
                Execute(connection, Views(run, readable));
            }
            catch (DuckDBException e)
            {
                throw new RunFolderException($"The rows of {run.FullPath} cannot be read ({FirstLine(e)}). Delete the damaged file and scan again.", e);
            }

            if (locked)
            {
                Execute(connection, $"""
                    SET allowed_paths = [{string.Join(", ", readable.Append(run.InventoryPath).Select(Quote))}];
                    SET enable_external_access = false;
                    SET lock_configuration = true;
                    """);
            }

            return new(run, connection, temporaryFolder) { Parts = readable.Length, UnreadableParts = unreadable };
        }
        catch
        {
            connection.Dispose();
            Directory.Delete(temporaryFolder, recursive: true);
            throw;
        }
    }

    /// <summary>Asks one question.</summary>
    /// <param name="sql">One SELECT (or WITH, FROM, VALUES, DESCRIBE, SUMMARIZE): anything that changes or writes is refused.</param>
    /// <param name="stop">Cancels the question while it runs and while its rows are read.</param>
    /// <returns>Columns, and rows as they come; dispose it before the next question.</returns>
    /// <exception cref="RunQueryException">The SQL is wrong, is no question, or needs more memory than it may use.</exception>
    public QueryResult Query(string sql, CancellationToken stop = default)
    {
        RequireQuestion(sql);
        return Ask(sql, stop);
    }

    /// <summary>Closes the database and removes its temporary files.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        if (Directory.Exists(_temporaryFolder)) Directory.Delete(_temporaryFolder, recursive: true); // DuckDB may have removed it
    }

    /// <summary>Runs SQL of ours, which may make tables and write files.</summary>
    internal void Execute(string sql)
    {
        try
        {
            Execute(_connection, sql);
        }
        catch (DuckDBException e)
        {
            throw new RunQueryException(FirstLine(e), e);
        }
    }

    /// <summary>Asks without looking at what kind of statement it is.</summary>
    internal QueryResult Ask(string sql, CancellationToken stop = default) => new(_connection, sql, stop);

    /// <summary>A text as an SQL literal.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>DuckDB's message without its echo of the statement.</summary>
    internal static string FirstLine(DuckDBException e) => e.Message.Split('\n', 2)[0].Trim();

    private static string[] PartsOf(RunFolder run)
    {
        if (!Directory.Exists(run.PartsPath)) return [];
        var parts = Directory.GetFiles(run.PartsPath, "part-*.parquet");
        Array.Sort(parts, StringComparer.Ordinal);
        return parts;
    }

    /// <summary>Reads the footer, or every page of every column.</summary>
    private static bool IsReadable(DuckDBConnection connection, string part, bool everyPage)
    {
        try
        {
            Execute(connection, everyPage ? $"SELECT bit_xor(hash(COLUMNS(*))) FROM {Read([part])}" : $"SELECT film_key, region, status FROM {Read([part])} LIMIT 0");
            return true;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }

    /// <summary>A question is what the parser takes for exactly one SELECT: COPY, ATTACH, SET, DROP and a second statement are none.</summary>
    private void RequireQuestion(string sql)
    {
        if (sql.Contains('\0')) throw new RunQueryException("The SQL holds a NUL character.");
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT json_serialize_sql($sql::VARCHAR)";
        command.Parameters.Add(new DuckDBParameter("sql", sql));
        string answer;
        try
        {
            answer = (string)command.ExecuteScalar()!;
        }
        catch (DuckDBException e)
        {
            throw new RunQueryException(FirstLine(e), e);
        }

        using var json = System.Text.Json.JsonDocument.Parse(answer);
        var root = json.RootElement;
        if (root.GetProperty("error").GetBoolean())
        {
            var message = root.GetProperty("error_message").GetString() ?? "";
            throw new RunQueryException(message.StartsWith("Only SELECT", StringComparison.Ordinal)
                ? "Only questions are answered: one SELECT (or WITH, FROM, DESCRIBE). A run is never changed by SQL."
                : "The SQL cannot be read: " + message);
        }

        if (root.GetProperty("statements").GetArrayLength() != 1)
            throw new RunQueryException("One question at a time: give a single SELECT.");
    }

    private static string Views(RunFolder run, string[] parts)
    {
        var inventory = File.Exists(run.InventoryPath) ? (string[])[run.InventoryPath] : [];
        return $"""
            CREATE TABLE no_parts ({PartColumns});
            CREATE TABLE no_inventory ({InventoryColumns});
            CREATE VIEW parts AS FROM no_parts {Added(parts)};
            CREATE VIEW inventory AS FROM no_inventory {Added(inventory)};
            {TidyViews}
            """;

        // A file of an earlier version lacks the columns that came since: they are null.
        static string Added(string[] files) => files.Length == 0 ? "" : $"UNION ALL BY NAME FROM {Read(files)}";
    }

    /// <summary>As parameters, not as SQL: a name of a class may hold what no literal can, such as a NUL.</summary>
    private static void AddClasses(DuckDBConnection connection, RunFolder run)
    {
        Execute(connection, "CREATE TABLE classes (position INTEGER, id VARCHAR, kind VARCHAR, manufacturer VARCHAR, model VARCHAR, device VARCHAR, marketed_from INTEGER)");
        var position = 0;
        foreach (var c in run.Manifest.Model?.Classes ?? [])
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO classes SELECT $position, $id, $kind, $manufacturer, $model, coalesce(nullif(concat_ws(' ', $manufacturer, $model), ''), $id), $marketed_from
                """;
            command.Parameters.Add(new DuckDBParameter("position", position++));
            command.Parameters.Add(new DuckDBParameter("id", c.Id));
            command.Parameters.Add(new DuckDBParameter("kind", c.Kind));
            command.Parameters.Add(new DuckDBParameter("manufacturer", c.Manufacturer));
            command.Parameters.Add(new DuckDBParameter("model", c.Model));
            command.Parameters.Add(new DuckDBParameter("marketed_from", c.MarketedFrom));
            command.ExecuteNonQuery();
        }
    }

    /// <summary>hive_partitioning off: a folder named <c>a=b</c> above the run would add a column to every row.</summary>
    private static string Read(IEnumerable<string> files) =>
        $"read_parquet([{string.Join(", ", files.Select(Quote))}], hive_partitioning = false, union_by_name = true)";

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static readonly string TidyViews = string.Create(CultureInfo.InvariantCulture, $"""
        CREATE MACRO wilson_low(k, n) AS CASE WHEN n = 0 OR k = 0 THEN 0.0::DOUBLE ELSE
            (k / n + {Zz} / (2 * n) - {Wilson.Z95:R} * sqrt((k / n) * (1 - k / n) / n + {Zz} / (4.0 * n * n))) / (1 + {Zz} / n) END;
        CREATE MACRO wilson_high(k, n) AS CASE WHEN n = 0 OR k = n THEN 1.0::DOUBLE ELSE
            (k / n + {Zz} / (2 * n) + {Wilson.Z95:R} * sqrt((k / n) * (1 - k / n) / n + {Zz} / (4.0 * n * n))) / (1 + {Zz} / n) END;

        CREATE TABLE duplicates ({DuplicateFilms.Columns});
        {DuplicateFilms.Find}

        CREATE VIEW films AS
        SELECT p.*, d.duplicate_of, d.duplicate_kind
        FROM parts p LEFT JOIN duplicates d ON d.film_index = p.film_index;

        CREATE VIEW outcomes AS
        FROM films WHERE region = 'whole'
        UNION ALL
        FROM films WHERE region != 'whole'
        QUALIFY row_number() OVER (PARTITION BY film_index ORDER BY list_position(['identified', 'abstained', 'none'], status), region) = 1;

        CREATE VIEW judged AS
        SELECT film_index, film_key, region, patient, study, site, study_date, year(study_date)::INTEGER AS study_year,
            CASE WHEN region = 'left' THEN 'L' WHEN region = 'right' THEN 'R' WHEN side IN ('L', 'R') THEN side END AS side, "view", age_band, sex, machine_maker, machine_model,
            status, reason, top_class,
            CASE WHEN status = 'identified' THEN coalesce(nullif(concat_ws(' ', manufacturer, model), ''), top_class) END AS device,
            probability, conformal_set, energy, cam_empty
        FROM films WHERE status IN ('identified', 'none', 'abstained') AND duplicate_of IS NULL;

        CREATE VIEW implants AS
        WITH seen AS (
            SELECT *, bool_or(side IS NOT NULL) OVER (PARTITION BY patient, device) AS sided,
                (coalesce(study_date, DATE '9999-12-31'), film_index) AS turn
            FROM judged WHERE status = 'identified' AND patient IS NOT NULL)
        SELECT patient, side, device, count(*) AS films, count(DISTINCT study) AS studies,
            min(study_date) AS first_seen, max(study_date) AS last_seen,
            arg_min(site, turn) AS first_site, arg_min(age_band, turn) AS age_band, arg_min(sex, turn) AS sex,
            max(probability) AS best_probability
        FROM seen WHERE side IS NOT NULL OR NOT sided
        GROUP BY patient, side, device;
        """);

    private static string Zz => (Wilson.Z95 * Wilson.Z95).ToString("R", CultureInfo.InvariantCulture);
}
