using System.Data;
using DuckDB.NET.Data;

namespace BulkImplantScan.Registry;

/// <summary>The answer to a question: columns, and rows that are read as they come, not all at once.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;
    private readonly CancellationTokenRegistration _cancel;
    private readonly CancellationToken _stop;

    internal QueryResult(DuckDBConnection connection, string sql, CancellationToken stop)
    {
        _stop = stop;
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        _command.UseStreamingMode = true;
        _cancel = stop.Register(_command.Cancel);
        try
        {
            _reader = _command.ExecuteReader(CommandBehavior.Default);
            Columns = [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetName)];
            Types = [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetDataTypeName)];
        }
        catch (Exception e)
        {
            _cancel.Dispose();
            _command.Dispose();
            stop.ThrowIfCancellationRequested();
            if (e is DuckDBException d) throw new RunQueryException(RunDatabase.FirstLine(d), e);
            throw;
        }
    }

    /// <summary>Names of the columns, in order; not always distinct.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>DuckDB's types of the columns.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The rows, once.</summary>
    /// <returns>A cell a column: null, bool, a number, string, <see cref="DateOnly"/>, byte[] (BLOB), a list, or what else
    /// DuckDB.NET has for the type.</returns>
    /// <exception cref="RunQueryException">The question failed while its rows were read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<object?[]> Rows()
    {
        while (Read())
        {
            var row = new object?[Columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = Cell(i);
            yield return row;
        }
    }

    /// <summary>Closes the answer.</summary>
    public void Dispose()
    {
        _cancel.Dispose();
        _reader.Dispose();
        _command.Dispose();
    }

    private bool Read()
    {
        try
        {
            return _reader.Read();
        }
        catch (DuckDBException e)
        {
            _stop.ThrowIfCancellationRequested();
            throw new RunQueryException(RunDatabase.FirstLine(e), e);
        }
    }

    private object? Cell(int column)
    {
        if (_reader.IsDBNull(column)) return null;
        var value = _reader.GetValue(column);
        if (value is not Stream stream) return value;
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
