using System.Globalization;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Phantoms;

/// <summary><c>truth.parquet</c>: a row a hip, in the order of <c>labels.csv</c>; all that was drawn for the film and for the device.</summary>
/// <remarks>Columns take their type from the first row: double, int, bool or string. The measures of a device differ from design to
/// design and are one column of JSON. A row group an <see cref="Append"/>: no archive is too large for the memory.</remarks>
internal sealed class TruthFile(string path) : IDisposable
{
    private readonly FileStream _stream = File.Create(path);
    private ParquetSchema? _schema;
    private ParquetWriter? _writer;

    /// <summary>Adds rows; all have the same names in the same order.</summary>
    public void Append(IReadOnlyList<IReadOnlyList<Fact>> rows)
    {
        if (rows.Count == 0) return;
        _schema ??= new([.. rows[0].Select(Field)]);
        _writer ??= ParquetWriter.CreateAsync(_schema, _stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest }).GetAwaiter().GetResult();
        using var group = _writer.CreateRowGroup();
        for (var column = 0; column < rows[0].Count; column++)
        {
            var field = _schema.DataFields[column];
            (rows[0][column].Value switch
            {
                double => group.WriteAsync(field, new ReadOnlyMemory<double>(Values<double>(column))),
                int => group.WriteAsync(field, new ReadOnlyMemory<int>(Values<int>(column))),
                bool => group.WriteAsync(field, new ReadOnlyMemory<bool>(Values<bool>(column))),
                _ => group.WriteAsync(field, Values<string?>(column)),
            }).GetAwaiter().GetResult();
        }

        group.CompleteValidate();

        T[] Values<T>(int column) => [.. rows.Select(row => (T)row[column].Value)];
    }

    public void Dispose()
    {
        _writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    /// <summary>Measures as a JSON object.</summary>
    public static string Json(IReadOnlyList<(string Name, double Value)> measures)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in measures)
            json.Append(json.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"\"{name}\":{value:0.####}");
        return json.Append('}').ToString();
    }

    private static DataField Field(Fact fact) => fact.Value switch
    {
        double => new DataField<double>(fact.Name),
        int => new DataField<int>(fact.Name),
        bool => new DataField<bool>(fact.Name),
        string => new DataField(fact.Name, typeof(string), isNullable: false),
        _ => throw new InvalidOperationException($"{fact.Name} is a {fact.Value.GetType().Name}"),
    };
}
