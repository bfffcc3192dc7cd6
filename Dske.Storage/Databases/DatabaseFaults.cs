using Dske.Storage.Files;
using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>Says in words for an operator what went wrong with a database, and what to do.</summary>
internal static class DatabaseFaults
{
    private const string Restore = "Put back the whole data directory as it was, or delete it to let the node begin with nothing.";

    // SQLite's primary result codes.
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Denied = 3;
    private const int NotADatabase = 26;

    public static StorageException Translate(string path, SqliteException e) => e.SqliteErrorCode switch
    {
        Full => FileFaults.Full(path, e),
        ReadOnly or CannotOpen or Denied => FileFaults.Denied(path, e),
        Corrupt or NotADatabase => Damaged(path, e),
        _ => new StorageException(
            path, $"The database failed (SQLite error {e.SqliteExtendedErrorCode}).", "Check the disk, then start the node again; nothing that was stored is lost.", e),
    };

    public static StorageException Damaged(string path, Exception? inner = null) => new(path, "The database is damaged.", Restore, inner);

    public static StorageException Foreign(string path) => new(path, "This is not a database of this kind of node, or one that was cut off.", Restore);

    public static StorageException TooNew(string path, long version, int known) => new(
        path,
        $"The database has version {version}; this program knows versions up to {known}.",
        "Run the newer program that made it, or delete the data directory to let the node begin with nothing.");

    public static StorageException LogWithoutDatabase(string path) => new(
        path, "The database is missing, though its log is there.", Restore);
}
