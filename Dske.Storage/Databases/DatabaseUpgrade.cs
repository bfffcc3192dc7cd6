using System.Buffers.Binary;
using System.Globalization;
using Dske.Storage.Files;
using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>Checks what a file is and brings it to the present version, step by step, each step whole or not at all.</summary>
internal static class DatabaseUpgrade
{
    // The file's header (SQLite's file format, section 1.3).
    private const int HeaderSize = 100;
    private const int ApplicationIdOffset = 68;

    /// <summary>
    /// Looks whether the file is a database of the right kind, before SQLite sees it: that would take a file that was cut off at its beginning for
    /// a new one, and write to it.
    /// </summary>
    /// <exception cref="StorageException">It is of another kind, or cannot be read.</exception>
    public static void CheckHeader(string path, Schema schema)
    {
        var header = new byte[HeaderSize];
        var files = new DiskFiles(Path.GetDirectoryName(path)!);
        using var file = files.Open(Path.GetFileName(path));
        if (file.Length < HeaderSize)
        {
            throw DatabaseFaults.Foreign(path);
        }

        file.Read(0, header);
        if (!header.AsSpan().StartsWith("SQLite format 3\0"u8)
            || BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdOffset)) != schema.ApplicationId)
        {
            throw DatabaseFaults.Foreign(path);
        }
    }

    /// <summary>Looks whether the database is whole and of a version that is known, before its content is touched.</summary>
    /// <exception cref="StorageException">It is damaged, or newer than this program.</exception>
    public static void Check(string path, SqliteConnection connection, Schema schema)
    {
        var version = VersionOf(connection);
        if (version < 1)
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
