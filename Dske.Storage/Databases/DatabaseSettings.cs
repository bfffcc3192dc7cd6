using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>The settings of a connection, set and read back: a floor that a loss of power undoes would hand out bytes twice.</summary>
internal static class DatabaseSettings
{
    private static readonly (string Name, string Set, string Read)[] Settings =
    [
        // No other process reads along, and the index of the log needs no file.
        ("locking_mode", "EXCLUSIVE", "exclusive"),
        ("journal_mode", "WAL", "wal"),
        ("synchronous", "FULL", "2"),
        ("foreign_keys", "ON", "1"),

        // What was deleted is overwritten in the file.
        ("secure_delete", "ON", "1"),

        // Nothing that a manipulated file brings along is carried out.
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),

        // macOS: a flush that reaches the disk. Elsewhere it changes nothing.
        ("fullfsync", "ON", "1"),
        ("checkpoint_fullfsync", "ON", "1"),
    ];

    /// <exception cref="StorageException">A setting does not stick.</exception>
    public static void Apply(string path, SqliteConnection connection)
    {
        foreach (var (name, set, expected) in Settings)
        {
            _ = Read(connection, $"PRAGMA {name} = {set}");
            var found = Read(connection, $"PRAGMA {name}");
            if (found != expected)
            {
                throw new StorageException(
                    path,
                    $"The database does not take the setting {name} = {set} (it says '{found}').",
                    "Keep the data directory on a local disk, with a file system that knows locks and flushes.");
            }
        }
    }

    public static string? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
