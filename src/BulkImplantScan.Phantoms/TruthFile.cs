using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Phantoms;

/// <summary><c>truth.parquet</c>: a row a hip, in the order of <c>labels.csv</c>; all that was drawn for the film and for the device.</summary>
/// <remarks>Columns take their type from the first row: double, int, bool or string. The measures of a device differ from design to
/// design and are one column of JSON.</remarks>
internal static class TruthFile
{
    /// <summary>Writes it; rows all have the same names in the same order.</summary>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<Fact>> rows)
    {
        using var stream = File.Create(path);
        var schema = new ParquetSchema([.. rows[0].Select(fact => fact.Value switch
        {
            double => new DataField<double>(fact.Name),
            int => new DataField<int>(fact.Name),
            bool => new DataField<bool>(fact.Name),
            string => new DataField(fact.Name, typeof(string), isNullable: false),
            _ => throw new InvalidOperationException($"{fact.Name} is a {fact.Value.GetType().Name}"),
        })]);
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        var writer = ParquetWriter.CreateAsync(schema, stream, options).GetAwaiter().GetResult();
        using (var group = writer.CreateRowGroup())
        {
            for (var column = 0; column < rows[0].Count; column++)
            {
                var field = schema.DataFields[column];
                (rows[0][column].Value switch
                {
                    double => group.WriteAsync(field, new ReadOnlyMemory<double>(Values<double>(column))),
                    int => group.WriteAsync(field, new ReadOnlyMemory<int>(Values<int>(column))),
                    bool => group.WriteAsync(field, new ReadOnlyMemory<bool>(Values<bool>(column))),
                    _ => group.WriteAsync(field, Values<string?>(column)),
                }).GetAwaiter().GetResult();
            }

            group.CompleteValidate();
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

        T[] Values<T>(int column) => [.. rows.Select(row => (T)row[column].Value)];
    }

    /// <summary>Measures as a JSON object.</summary>
    public static string Json(IReadOnlyList<(string Name, double Value)> measures)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in measures)
            json.Append(json.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"\"{name}\":{value:0.####}");
        return json.Append('}').ToString();
    }
}
