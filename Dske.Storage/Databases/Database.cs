using Dske.Storage.Files;
using Microsoft.Data.Sqlite;

namespace Dske.Storage.Databases;

/// <summary>
/// A SQLite database that this process alone uses: write-ahead log, every commit durable before it returns. Failures are a
/// <see cref="StorageException"/> that names the file.
/// </summary>
/// <remarks>Safe for concurrent use: one caller at a time.</remarks>
internal sealed class Database : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Statement> _statements = [];
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    private Database(string path, SqliteConnection connection)
    {
        Path = path;
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// Opens a database, bringing it up to the present version. One that does not exist is made first, whole or not at all: what is there is
    /// never taken for new, however short it is.
    /// </summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="schema">What it has to look like.</param>
    /// <param name="initialize">Puts in what a new database begins with.</param>
    /// <exception cref="StorageException">It cannot be opened, is damaged, of another kind, or newer than this program.</exception>
    public static Database Open(string path, Schema schema, Action<Database> initialize)
    {
        if (!File.Exists(path))
        {
            if (File.Exists(path + "-wal"))
            {
                throw DatabaseFaults.LogWithoutDatabase(path);
            }

            Create(path, schema, initialize);
        }

        DatabaseUpgrade.CheckHeader(path, schema);
        return Guard(path, () =>
        {
            var connection = Connect(path);
            try
            {
                DatabaseSettings.Apply(path, connection);
                DatabaseUpgrade.Check(path, connection, schema);
                DatabaseUpgrade.Run(path, connection, schema);
                return new Database(path, connection);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Prepares a statement. It lives as long as the database.</summary>
    public Statement Prepare(string sql)
    {
        using (_lock.EnterScope())
        {
            return Guard(Path, () =>
            {
                var statement = new Statement(_connection, Path, sql);
                _statements.Add(statement);
                return statement;
            });
        }
    }

    /// <summary>Runs one statement or one query; a statement is durable when it returns.</summary>
    public T Run<T>(Func<T> work)
    {
        using (_lock.EnterScope())
        {
            return Guard(Path, work);
        }
    }

    /// <inheritdoc cref="Run{T}(Func{T})" />
    public void Run(Action work) => Run<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>Runs statements as one transaction: durable when it returns, and undone when anything fails.</summary>
    public void Transact(Action work) => Run(() =>
    {
        _begin.Execute();
        try
        {
            work();
            _commit.Execute();
        }
        catch
        {
            Undo();
            throw;
        }
    });

    /// <summary>Closes the file. The log goes into the database then.</summary>
    public void Dispose()
    {
        using (_lock.EnterScope())
        {
            _statements.ForEach(statement => statement.Dispose());
            _connection.Dispose();
        }
    }

    private void Undo()
    {
        try
        {
            _rollback.Execute();
        }
        catch (SqliteException)
        {
            // After some failures SQLite has undone the transaction by itself, and there is none to undo.
        }
    }

    private static void Create(string path, Schema schema, Action<Database> initialize)
    {
        var draft = path + ".new";
        var files = new DiskFiles(System.IO.Path.GetDirectoryName(path)!);
        foreach (var left in new[] { draft, draft + "-journal" }.Where(File.Exists))
        {
            files.Delete(System.IO.Path.GetFileName(left));
        }

        files.Create(System.IO.Path.GetFileName(draft)).Dispose();
        Guard<object?>(path, () =>
        {
            using var database = new Database(path, Connect(draft));
            DatabaseUpgrade.Run(path, database._connection, schema);
            initialize(database);
            return null;
        });

        // Without a log SQLite flushes the file itself; what is left is to give it its name.
        files.Rename(System.IO.Path.GetFileName(draft), System.IO.Path.GetFileName(path));
        files.FlushNames();
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw DatabaseFaults.Translate(path, e);
        }
    }
}
