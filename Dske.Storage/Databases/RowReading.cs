using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>Reads what <see cref="Statement"/> writes.</summary>
internal static class RowReading
{
    public static Guid GetUuid(this SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    public static Guid? GetOptionalUuid(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetUuid(column);

    /// <summary>Times are kept in milliseconds since 1970.</summary>
    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
