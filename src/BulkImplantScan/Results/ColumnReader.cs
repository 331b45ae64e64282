using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Results;

/// <summary>Reads the columns of one row group by name, whole.</summary>
/// <param name="group">The row group.</param>
/// <param name="schema">The schema of the file, not the one that is hoped for.</param>
/// <param name="maximumRows">More rows, or list elements 256 times as many, are refused: the file is damaged or not ours.</param>
internal sealed class ColumnReader(ParquetRowGroupReader group, ParquetSchema schema, int maximumRows)
{
    private const int EmptyList = 1, ElementsPerRow = 256;

    /// <summary>Rows of the group.</summary>
    public int Rows { get; } = group.RowCount >= 0 && group.RowCount <= maximumRows
        ? (int)group.RowCount
        : throw new InvalidDataException($"a row group of {group.RowCount} rows");

    /// <summary>True when there is such a column: earlier versions wrote fewer.</summary>
    public bool Has(string name) => Array.Exists(schema.DataFields, field => field.Path.ToString() == name);

    /// <summary>Text; null where missing.</summary>
    public string?[] Text(string name)
    {
        var values = new string?[Rows];
        Wait(group.ReadAsync(Field(name, typeof(ReadOnlyMemory<char>)), values.AsMemory()));
        return values;
    }

    /// <summary>Bytes.</summary>
    public byte[][] Blob(string name)
    {
        var values = new byte[]?[Rows];
        Wait(group.ReadAsync(Field(name, typeof(ReadOnlyMemory<byte>)), values.AsMemory()));
        return Array.ConvertAll(values, value => value ?? []);
    }

    /// <summary>A value that is always there.</summary>
    public T[] Value<T>(string name) where T : struct
    {
        var field = Field(name, typeof(T));
        if (field.IsNullable) throw new InvalidDataException($"column {name} may be null");
        var values = new T[Rows];
        Wait(group.ReadAsync(field, values.AsMemory()));
        return values;
    }

    /// <summary>A value that may be missing.</summary>
    public T?[] Optional<T>(string name) where T : struct
    {
        var values = new T?[Rows];
        Wait(group.ReadAsync(Field(name, typeof(T)), values.AsMemory()));
        return values;
    }

    /// <summary>Lists of numbers; empty where null.</summary>
    public float[][] Numbers(string name) => List<float, float>(name + "/list/element", typeof(float), value => value);

    /// <summary>Lists of texts; empty where null.</summary>
    public string[][] Texts(string name) =>
        List<ReadOnlyMemory<char>, string>(name + "/list/element", typeof(ReadOnlyMemory<char>), value => value.ToString());

    private TElement[][] List<TStored, TElement>(string path, Type type, Func<TStored, TElement> convert) where TStored : struct
    {
        var field = Field(path, type);
        var count = group.GetMetadata(field)?.MetaData?.NumValues ?? -1;
        if (count < Rows || count > (long)maximumRows * ElementsPerRow) throw new InvalidDataException($"column {path} of {count} values");

        var values = new TStored[count];
        var definition = new int[count];
        var repetition = new int[count];
        Wait(group.ReadRawAsync(field, values.AsMemory(), definition.AsMemory(), repetition.AsMemory()));

        var lists = new TElement[Rows][];
        var (row, nextValue, element) = (-1, 0, new List<TElement>());
        for (var i = 0; i < count; i++)
        {
            if (repetition[i] == 0)
            {
                Finish();
                row++;
            }

            if (definition[i] > EmptyList) element.Add(convert(values[nextValue++]));
        }

        Finish();
        if (row != Rows - 1) throw new InvalidDataException($"column {path} has {row + 1} lists for {Rows} rows");
        return lists;

        void Finish()
        {
            if (row >= 0 && row < lists.Length) lists[row] = element.ToArray();
            element.Clear();
        }
    }

    private DataField Field(string path, Type type)
    {
        var field = Array.Find(schema.DataFields, field => field.Path.ToString() == path);
        if (field is null || field.ClrType != type) throw new InvalidDataException($"no column {path} of type {type.Name}");
        return field;
    }

    private static void Wait(ValueTask read) => read.AsTask().GetAwaiter().GetResult();
}
