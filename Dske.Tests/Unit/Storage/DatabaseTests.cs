using Dske.Storage;
using Dske.Storage.Databases;
using Microsoft.Data.Sqlite;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class DatabaseTests : IDisposable
{
    private const int Kind = 0x1234;
    private const string First = "CREATE TABLE item (name TEXT NOT NULL) STRICT";
    private const string Second = "ALTER TABLE item ADD COLUMN size INTEGER NOT NULL DEFAULT 7; CREATE INDEX item_size ON item (size)";

    private readonly TemporaryDirectory _directory = new();

    public DatabaseTests() => Directory.CreateDirectory(_directory.Path);

    private string File => _directory["test.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_older_database_is_brought_up_to_date_and_keeps_its_content()
    {
        using (var old = Open([First]))
        {
            Run(old, "INSERT INTO item (name) VALUES ('kept')");
        }

        using var database = Open([First, Second]);

        var query = database.Prepare("SELECT name || size FROM item");
        Assert.Equal(["kept7"], database.Run(() => query.Query(row => row.GetString(0))));
        Assert.Equal(2, Version(database));
    }

    [Fact]
    public void A_database_made_by_hand_at_version_1_is_brought_up_to_date()
    {
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"{First}; INSERT INTO item VALUES ('kept'); PRAGMA application_id = {Kind}; PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }

        using var database = Open([First, Second, "UPDATE item SET size = size + 1"]);

        var query = database.Prepare("SELECT name || size FROM item");
        Assert.Equal(["kept8"], database.Run(() => query.Query(row => row.GetString(0))));
    }

    [Fact]
    public void An_upgrade_that_fails_changes_nothing()
    {
        using (var old = Open([First]))
        {
            Run(old, "INSERT INTO item (name) VALUES ('kept')");
        }

        Assert.Throws<StorageException>(() => Open([First, "UPDATE item SET name = 'lost'; SELECT nothing FROM nowhere"]));

        using var database = Open([First]);
        var query = database.Prepare("SELECT name FROM item");
        Assert.Equal(["kept"], database.Run(() => query.Query(row => row.GetString(0))));
        Assert.Equal(1, Version(database));
    }

    [Fact]
    public void A_database_is_made_whole_or_not_at_all()
    {
        Assert.Throws<InvalidOperationException>(() => Database.Open(File, new Schema(Kind, [First]), _ => throw new InvalidOperationException()));
        Assert.False(System.IO.File.Exists(File));

        using var database = Open([First]);
        Assert.Equal(1, Version(database));
    }

    [Fact]
    public void A_transaction_that_fails_is_undone()
    {
        using var database = Open([First]);
        var insert = database.Prepare("INSERT INTO item (name) VALUES ($1)");

        Assert.Throws<InvalidOperationException>(() => database.Transact(() =>
        {
            insert.Execute("undone");
            throw new InvalidOperationException();
        }));
        Assert.Throws<StorageException>(() => database.Transact(() =>
        {
            insert.Execute("undone as well");
            insert.Execute((object?)null);
        }));
        database.Transact(() => insert.Execute("done"));

        var query = database.Prepare("SELECT name FROM item");
        Assert.Equal(["done"], database.Run(() => query.Query(row => row.GetString(0))));
    }

    [Theory]
    [InlineData("synchronous", "2")]
    [InlineData("journal_mode", "wal")]
    [InlineData("foreign_keys", "1")]
    [InlineData("secure_delete", "1")]
    [InlineData("trusted_schema", "0")]
    [InlineData("locking_mode", "exclusive")]
    public void A_database_is_opened_with_safe_settings(string name, string expected)
    {
        using var database = Open([First]);

        var query = database.Prepare($"PRAGMA {name}");

        Assert.Equal([expected], database.Run(() => query.Query(row => row.GetValue(0).ToString()!)));
    }

    [Fact]
    public void A_full_disk_is_named_and_loses_nothing()
    {
        using var database = Open([First]);
        Run(database, "INSERT INTO item (name) VALUES ('kept')");
        var limit = database.Prepare("PRAGMA max_page_count = 3");
        Assert.Equal([3L], database.Run(() => limit.Query(row => row.GetInt64(0))));
        var insert = database.Prepare("INSERT INTO item (name) VALUES ($1)");

        var refusal = Assert.Throws<StorageException>(() => database.Run(() => insert.Execute(new string('x', 100_000))));

        Assert.Equal(File, refusal.Path);
        Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Free some space", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", refusal.ToString(), StringComparison.Ordinal);
        var query = database.Prepare("SELECT name FROM item");
        Assert.Equal(["kept"], database.Run(() => query.Query(row => row.GetString(0))));
    }

    private Database Open(string[] steps) => Database.Open(File, new Schema(Kind, steps), _ => { });

    private static void Run(Database database, string sql)
    {
        var statement = database.Prepare(sql);
        database.Run(() => statement.Execute());
    }

    private static int Version(Database database)
    {
        var query = database.Prepare("PRAGMA user_version");
        return database.Run(() => query.Query(row => row.GetInt32(0)))[0];
    }
}
