using Parquet;
using Parquet.Schema;

namespace BulkImplantScan.Results;

/// <summary>Writes the columns of one row group, one after the other in the schema's order.</summary>
/// <typeparam name="TRow">The record of which a column is one property.</typeparam>
internal sealed class ColumnWriter<TRow>(ParquetRowGroupWriter group, ParquetSchema schema, IReadOnlyList<TRow> rows)
{
    private const int EmptyList = 1, InList = 2; // definition levels: 0 would be a list that is null
    private int _next;

    /// <summary>Text; null where the column allows it.</summary>
    public void Text(Func<TRow, string?> value) => Wait(group.WriteAsync(Next(), Select(value)));

    /// <summary>Bytes, never null (empty instead).</summary>
    public void Blob(Func<TRow, byte[]> value) => Wait(group.WriteAsync(Next(), Select<byte[]?>(value)));

    /// <summary>A value that is always there.</summary>
    public void Value<T>(Func<TRow, T> value) where T : struct =>
        Wait(group.WriteAsync(Next(), new ReadOnlyMemory<T>(Select(value))));

    /// <summary>A value that may be missing.</summary>
    public void Optional<T>(Func<TRow, T?> value) where T : struct =>
        Wait(group.WriteAsync(Next(), new ReadOnlyMemory<T?>(Select(value))));

    /// <summary>A list of numbers, never null (empty instead).</summary>
    public void List(Func<TRow, float[]> value) => List(value, element => element);

    /// <summary>A list of texts, never null (empty instead).</summary>
    public void List(Func<TRow, string[]> value) => List(value, element => element.AsMemory());

    private void List<TElement, TStored>(Func<TRow, TElement[]> value, Func<TElement, TStored> store) where TStored : struct
    {
        var values = new List<TStored>(rows.Count);
        var definition = new List<int>(rows.Count);
        var repetition = new List<int>(rows.Count);
        foreach (var row in rows)
        {
            var list = value(row);
            if (list.Length == 0)
            {
                definition.Add(EmptyList);
                repetition.Add(0);
            }

            for (var i = 0; i < list.Length; i++)
            {
                values.Add(store(list[i]));
                definition.Add(InList);
                repetition.Add(i == 0 ? 0 : 1);
            }
        }

        Wait(group.WriteAllPartsAsync<TStored>(
            Next(), values.ToArray(), definition.ToArray(), repetition.ToArray(), CancellationToken.None));
    }

    private DataField Next() => schema.DataFields[_next++];

    private T[] Select<T>(Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }

    private static void Wait(Task written) => written.GetAwaiter().GetResult();
}
