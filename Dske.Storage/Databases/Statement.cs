using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>A statement that is prepared once and run many times.</summary>
/// <remarks>Used under its database's lock (<see cref="Database.Run{T}"/>).</remarks>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly string _path;

    public Statement(SqliteConnection connection, string path, string sql)
    {
        _path = path;
        _command = connection.CreateCommand();
        _command.CommandText = sql;

        // Parameters are named $1, $2 and so on, in the order in which values are given.
        for (var i = 1; sql.Contains($"${i}", StringComparison.Ordinal); i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        }

        _command.Prepare();
    }

    /// <summary>Runs the statement with the given values; null is SQL's NULL.</summary>
    public void Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        _command.ExecuteNonQuery();
    }

    /// <summary>Runs a query and reads its rows. Content that cannot be read counts as damage.</summary>
    public List<T> Query<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        using var reader = _command.ExecuteReader();
        var rows = new List<T>();
        try
        {
            while (reader.Read())
            {
                rows.Add(read(reader));
            }
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw DatabaseFaults.Damaged(_path, e);
        }

        return rows;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                Guid uuid => uuid.ToByteArray(bigEndian: true),
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                var value => value,
            };
        }
    }
}
