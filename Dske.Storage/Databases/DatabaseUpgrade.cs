using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>Checks what a file is and brings it to the present version, step by step, each step whole or not at all.</summary>
internal static class DatabaseUpgrade
{
    /// <summary>Looks whether the file is a whole database of the right kind, before anything is written to it.</summary>
    /// <exception cref="StorageException">It is damaged, of another kind, or newer than this program.</exception>
    public static void Check(string path, SqliteConnection connection, Schema schema)
    {
        var version = VersionOf(connection);
        if (DatabaseSettings.Read(connection, "PRAGMA application_id") != schema.ApplicationId.ToString(CultureInfo.InvariantCulture) || version < 1)
        {
            throw DatabaseFaults.Foreign(path);
        }

        if (version > schema.Version)
        {
            throw DatabaseFaults.TooNew(path, version, schema.Version);
        }

        if (DatabaseSettings.Read(connection, "PRAGMA quick_check(1)") != "ok")
        {
            throw DatabaseFaults.Damaged(path);
        }
    }

    /// <summary>Takes the steps that are missing.</summary>
    /// <exception cref="StorageException">A step failed; the database has the version that it had before that step.</exception>
    public static void Run(string path, SqliteConnection connection, Schema schema)
    {
        for (var version = (int)VersionOf(connection); version < schema.Version; version++)
        {
            // The version changes with the content, in one transaction.
            using var transaction = connection.BeginTransaction(deferred: false);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"{schema.Steps[version]};\nPRAGMA application_id = {schema.ApplicationId};\nPRAGMA user_version = {version + 1};");
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static long VersionOf(SqliteConnection connection)
        => long.Parse(DatabaseSettings.Read(connection, "PRAGMA user_version") ?? "0", CultureInfo.InvariantCulture);
}
