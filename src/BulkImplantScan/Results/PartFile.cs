using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Results;

/// <summary>The rows of one chunk as a Parquet file of one row group.</summary>
/// <remarks>The same rows give the same bytes: no time, host or path is in the file. docs/rows.md names the columns.</remarks>
public static class PartFile
{
    /// <summary>Rows of a part at most (two a film of the largest chunk, and room).</summary>
    public const int MaximumRows = 1 << 20;

    /// <summary>Publishes a part in one step: it exists whole or not at all.</summary>
    /// <param name="path">Where; a part that is there already is replaced.</param>
    /// <param name="rows">In order of film and region, 1 to <see cref="MaximumRows"/>.</param>
    /// <exception cref="RunFolderException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<FilmRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, MaximumRows);
        AtomicFile.Write(path, stream => WriteTo(stream, rows));
    }

    /// <summary>Reads a part back; the inverse of <see cref="Write"/>.</summary>
    /// <exception cref="RunFolderException">It is missing, damaged, or of a newer version.</exception>
    public static FilmRow[] Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var reader = ParquetReader.CreateAsync(stream, ParquetFile.Options).GetAwaiter().GetResult();
            if (reader.RowGroupCount != 1) throw new InvalidDataException($"{reader.RowGroupCount} row groups");
            using var group = reader.OpenRowGroupReader(0);
            return ReadRows(new(group, reader.Schema, MaximumRows));
        }
        catch (Exception e) when (ParquetFile.IsDamage(e))
        {
            throw new RunFolderException($"{path} is no part that can be read ({e.Message.TrimEnd('.')}). Delete it and scan again.", e);
        }
    }

    internal static void WriteTo(Stream stream, IReadOnlyList<FilmRow> rows)
    {
        var schema = Schema();
        var writer = ParquetWriter.CreateAsync(schema, stream, ParquetFile.Options).GetAwaiter().GetResult();
        using (var group = writer.CreateRowGroup())
        {
            WriteRows(new(group, schema, rows));
            group.CompleteValidate();
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static ParquetSchema Schema() => new(
    [
        new DataField<long>("film_index"),
        new DataField("film_key", typeof(string), isNullable: false),
        new DataField("region", typeof(string), isNullable: false),
        new DataField<int>("frame"),
        .. FactsColumns.Fields(),
        new DataField("status", typeof(string), isNullable: false),
        new DataField<string>("reason"),
        new DataField<string>("detail"),
        new DataField<long?>("file_offset"),
        new DataField<string>("decoder"),
        new DataField<string>("voi"),
        new ListField("notes", new DataField("element", typeof(string), isNullable: false)),
        new DataField<int?>("field_top"),
        new DataField<int?>("field_left"),
        new DataField<int?>("field_height"),
        new DataField<int?>("field_width"),
        new DataField<string>("pixel_hash"),
        new DataField<string>("top_class"),
        new DataField<string>("manufacturer"),
        new DataField<string>("model"),
        new DataField<float?>("probability"),
        new ListField("probabilities", new DataField("element", typeof(float), isNullable: false)),
        new ListField("conformal_set", new DataField("element", typeof(string), isNullable: false)),
        new DataField<float?>("energy"),
        new DataField<float?>("feature_distance"),
        new DataField("embedding", typeof(byte[]), isNullable: false),
        new DataField("cam", typeof(byte[]), isNullable: false),
        new DataField<int>("cam_height"),
        new DataField<int>("cam_width"),
        new DataField<float?>("cam_peak"),
        new DataField<float?>("cam_peak_y"),
        new DataField<float?>("cam_peak_x"),
        new DataField<float?>("cam_mass_in_film"),
        new DataField<bool?>("cam_empty"),
    ]);

    private static void WriteRows(ColumnWriter<FilmRow> columns)
    {
        columns.Value(row => row.FilmIndex);
        columns.Text(row => row.FilmKey);
        columns.Text(row => row.Region);
        columns.Value(row => row.Frame);
        FactsColumns.Write(columns, row => row.Facts);
        columns.Text(row => row.Status.InRow());
        columns.Text(row => ClosedList.ToColumn(row.Reason));
        columns.Text(row => row.Detail);
        columns.Optional(row => row.FileOffset);
        columns.Text(row => row.Decoder);
        columns.Text(row => row.Voi);
        columns.List(row => row.Notes);
        columns.Optional(row => row.FieldTop);
        columns.Optional(row => row.FieldLeft);
        columns.Optional(row => row.FieldHeight);
        columns.Optional(row => row.FieldWidth);
        columns.Text(row => row.PixelHash);
        columns.Text(row => row.TopClass);
        columns.Text(row => row.Manufacturer);
        columns.Text(row => row.Model);
        columns.Optional(row => row.Probability);
        columns.List(row => row.Probabilities);
        columns.List(row => row.ConformalSet);
        columns.Optional(row => row.Energy);
        columns.Optional(row => row.FeatureDistance);
        columns.Blob(row => row.Embedding);
        columns.Blob(row => row.Cam);
        columns.Value(row => row.CamHeight);
        columns.Value(row => row.CamWidth);
        columns.Optional(row => row.CamPeak);
        columns.Optional(row => row.CamPeakY);
        columns.Optional(row => row.CamPeakX);
        columns.Optional(row => row.CamMassInFilm);
        columns.Optional(row => row.CamEmpty);
    }

    private static FilmRow[] ReadRows(ColumnReader columns)
    {
        var filmIndex = columns.Value<long>("film_index");
        var filmKey = columns.Text("film_key");
        var region = columns.Text("region");
        var frame = columns.Value<int>("frame");
        var facts = FactsColumns.Read(columns);
        var status = columns.Text("status");
        var reason = columns.Text("reason");
        var detail = columns.Text("detail");
        var fileOffset = columns.Optional<long>("file_offset");
        var decoder = columns.Text("decoder");
        var voi = columns.Text("voi");
        var notes = columns.Texts("notes");
        var fieldTop = columns.Optional<int>("field_top");
        var fieldLeft = columns.Optional<int>("field_left");
        var fieldHeight = columns.Optional<int>("field_height");
        var fieldWidth = columns.Optional<int>("field_width");
        var pixelHash = columns.Text("pixel_hash");
        var topClass = columns.Text("top_class");
        var manufacturer = columns.Text("manufacturer");
        var model = columns.Text("model");
        var probability = columns.Optional<float>("probability");
        var probabilities = columns.Numbers("probabilities");
        var conformalSet = columns.Texts("conformal_set");
        var energy = columns.Optional<float>("energy");
        var featureDistance = columns.Has("feature_distance") ? columns.Optional<float>("feature_distance") : new float?[columns.Rows];
        var embedding = columns.Blob("embedding");
        var cam = columns.Blob("cam");
        var camHeight = columns.Value<int>("cam_height");
        var camWidth = columns.Value<int>("cam_width");
        var camPeak = columns.Optional<float>("cam_peak");
        var camPeakY = columns.Optional<float>("cam_peak_y");
        var camPeakX = columns.Optional<float>("cam_peak_x");
        var camMassInFilm = columns.Optional<float>("cam_mass_in_film");
        var camEmpty = columns.Optional<bool>("cam_empty");

        var rows = new FilmRow[columns.Rows];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new()
            {
                FilmIndex = filmIndex[i],
                FilmKey = filmKey[i]!,
                Region = region[i]!,
                Frame = frame[i],
                Facts = facts[i],
                Status = ClosedList.ToStatus(status[i]),
                Reason = ClosedList.ToReason(reason[i]),
                Detail = detail[i],
                FileOffset = fileOffset[i],
                Decoder = decoder[i],
                Voi = voi[i],
                Notes = notes[i],
                FieldTop = fieldTop[i],
                FieldLeft = fieldLeft[i],
                FieldHeight = fieldHeight[i],
                FieldWidth = fieldWidth[i],
                PixelHash = pixelHash[i],
                TopClass = topClass[i],
                Manufacturer = manufacturer[i],
                Model = model[i],
                Probability = probability[i],
                Probabilities = probabilities[i],
                ConformalSet = conformalSet[i],
                Energy = energy[i],
                FeatureDistance = featureDistance[i],
                Embedding = embedding[i],
                Cam = cam[i],
                CamHeight = camHeight[i],
                CamWidth = camWidth[i],
                CamPeak = camPeak[i],
                CamPeakY = camPeakY[i],
                CamPeakX = camPeakX[i],
                CamMassInFilm = camMassInFilm[i],
                CamEmpty = camEmpty[i],
            };
        }

        return rows;
    }
}
