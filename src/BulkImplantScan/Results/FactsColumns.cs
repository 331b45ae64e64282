using Parquet.Schema;

namespace BulkImplantScan.Results;

/// <summary>The columns of <see cref="FilmFacts"/>, equal in the inventory and in parts.</summary>
internal static class FactsColumns
{
    /// <summary>New fields in order; a field belongs to one schema, hence new ones for each.</summary>
    public static Field[] Fields() =>
    [
        new DataField<string>("patient"),
        new DataField<string>("study"),
        new DataField<string>("instance"),
        new DataField<string>("site"),
        new DataField<DateOnly?>("study_date"),
        new DataField<string>("side"),
        new DataField<string>("view"),
        new DataField<string>("age_band"),
        new DataField<string>("sex"),
        new DataField<string>("modality"),
        new DataField<string>("body_part"),
        new DataField<string>("machine_maker"),
        new DataField<string>("machine_model"),
        new DataField<string>("sop_class"),
        new DataField<string>("transfer_syntax"),
        new DataField<string>("photometric"),
        new DataField<int>("rows"),
        new DataField<int>("columns"),
        new DataField<int>("bits_stored"),
        new DataField<string>("kv_band"),
        new DataField<string>("mas_band"),
    ];

    /// <summary>Writes them, in the order of <see cref="Fields"/>.</summary>
    public static void Write<TRow>(ColumnWriter<TRow> columns, Func<TRow, FilmFacts> facts)
    {
        columns.Text(row => facts(row).Patient);
        columns.Text(row => facts(row).Study);
        columns.Text(row => facts(row).Instance);
        columns.Text(row => facts(row).Site);
        columns.Optional(row => facts(row).StudyDate);
        columns.Text(row => facts(row).Side);
        columns.Text(row => facts(row).View);
        columns.Text(row => facts(row).AgeBand);
        columns.Text(row => facts(row).Sex);
        columns.Text(row => facts(row).Modality);
        columns.Text(row => facts(row).BodyPart);
        columns.Text(row => facts(row).MachineMaker);
        columns.Text(row => facts(row).MachineModel);
        columns.Text(row => facts(row).SopClass);
        columns.Text(row => facts(row).TransferSyntax);
        columns.Text(row => facts(row).Photometric);
        columns.Value(row => facts(row).Rows);
        columns.Value(row => facts(row).Columns);
        columns.Value(row => facts(row).BitsStored);
        columns.Text(row => facts(row).KvBand);
        columns.Text(row => facts(row).MasBand);
    }

    /// <summary>Reads them, one record a row.</summary>
    public static FilmFacts[] Read(ColumnReader columns)
    {
        var patient = columns.Text("patient");
        var study = columns.Text("study");
        var instance = columns.Text("instance");
        var site = columns.Text("site");
        var studyDate = columns.Optional<DateOnly>("study_date");
        var side = columns.Text("side");
        var view = columns.Text("view");
        var ageBand = columns.Text("age_band");
        var sex = columns.Text("sex");
        var modality = columns.Text("modality");
        var bodyPart = columns.Text("body_part");
        var machineMaker = columns.Text("machine_maker");
        var machineModel = columns.Text("machine_model");
        var sopClass = columns.Text("sop_class");
        var transferSyntax = columns.Text("transfer_syntax");
        var photometric = columns.Text("photometric");
        var rows = columns.Value<int>("rows");
        var pixelColumns = columns.Value<int>("columns");
        var bitsStored = columns.Value<int>("bits_stored");
        var (kvBand, masBand) = (Later("kv_band"), Later("mas_band"));

        var facts = new FilmFacts[columns.Rows];
        for (var i = 0; i < facts.Length; i++)
        {
            facts[i] = new()
            {
                Patient = patient[i],
                Study = study[i],
                Instance = instance[i],
                Site = site[i],
                StudyDate = studyDate[i],
                Side = side[i],
                View = view[i],
                AgeBand = ageBand[i],
                Sex = sex[i],
                Modality = modality[i],
                BodyPart = bodyPart[i],
                MachineMaker = machineMaker[i],
                MachineModel = machineModel[i],
                SopClass = sopClass[i],
                TransferSyntax = transferSyntax[i],
                Photometric = photometric[i],
                Rows = rows[i],
                Columns = pixelColumns[i],
                BitsStored = bitsStored[i],
                KvBand = kvBand[i],
                MasBand = masBand[i],
            };
        }

        return facts;

        // Earlier versions wrote no such columns.
        string?[] Later(string name) => columns.Has(name) ? columns.Text(name) : new string?[columns.Rows];
    }
}
