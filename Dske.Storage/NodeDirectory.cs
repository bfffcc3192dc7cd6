using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage.Databases;
using Dske.Storage.Files;
using Dske.Storage.Psrd;
using Dske.Storage.Records;

namespace Dske.Storage;

/// <summary>
/// What the data directories of all nodes have in common: <c>lock</c>, <c>psrd.db</c>, a file per block in <c>blocks/</c>, <c>state.db</c> for what
/// lasts, and a file of records for what comes and goes.
/// </summary>
internal sealed class NodeDirectory : IDisposable
{
    private const string BlocksName = "blocks";

    private readonly Stack<IDisposable> _open = new();

    private NodeDirectory(string path)
    {
        Path = path;
        Files = new DiskFiles(path);
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The files of the directory itself.</summary>
    public IStorageFiles Files { get; }

    /// <summary>The instance: <c>psrd.db</c> says what it is.</summary>
    public Guid Instance { get; private set; }

    /// <summary>The database with the books of the PSRD.</summary>
    public Database Books { get; private set; } = null!;

    /// <summary>The database with the rest.</summary>
    public Database State { get; private set; } = null!;

    /// <summary>The PSRD.</summary>
    public IPsrdStore Psrd { get; private set; } = null!;

    /// <summary>Opens a data directory for this process alone; makes it when it is not there.</summary>
    /// <param name="directory">The path.</param>
    /// <param name="kind">What kind of node it belongs to: one word.</param>
    /// <param name="stateName">The name of the second database.</param>
    /// <param name="stateSchema">What the second database looks like; it has a table <c>node</c> with the instance.</param>
    /// <param name="entropy">Where a new instance is drawn from.</param>
    /// <param name="time">Says when blocks are added.</param>
    /// <exception cref="StorageException">It cannot be opened; the message says what to do. Nothing that was there is lost.</exception>
    public static NodeDirectory Open(string directory, string kind, string stateName, Schema stateSchema, IEntropySource entropy, TimeProvider time)
    {
        var node = new NodeDirectory(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(directory)));
        try
        {
            node.Open(kind, stateName, stateSchema, entropy, time);
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Closes everything, the last opened first, and lets go of the directory.</summary>
    public void Dispose()
    {
        while (_open.TryPop(out var opened))
        {
            opened.Dispose();
        }
    }

    /// <summary>
    /// Makes sure that the file of records is there. A new database means that the node has forgotten what it held: the file begins anew with
    /// it.
    /// </summary>
    /// <exception cref="StorageException">Storage failed.</exception>
    public void PrepareRecords(string name, IEntropySource entropy)
    {
        var hasRecords = State.Prepare("SELECT has_records FROM node");
        if (State.Run(() => hasRecords.Query(row => row.GetBoolean(0)))[0])
        {
            return;
        }

        RecordFile.Create(Files, name, Instance, entropy);
        var note = State.Prepare("UPDATE node SET has_records = 1");
        State.Run(() => note.Execute());
    }

    /// <summary>Adds something that is closed before what is open already.</summary>
    public T Keep<T>(T opened)
        where T : IDisposable
    {
        _open.Push(opened);
        return opened;
    }

    private void Open(string kind, string stateName, Schema stateSchema, IEntropySource entropy, TimeProvider time)
    {
        OwnerOnly.Prepare(Path);
        Keep(DirectoryLock.Take(Path));
        var blocksPath = System.IO.Path.Combine(Path, BlocksName);
        OwnerOnly.Prepare(blocksPath);
        var blocks = new DiskFiles(blocksPath);
        RefuseToStartAnewBeside(blocks, stateName);
        Books = Keep(Database.Open(System.IO.Path.Combine(Path, PsrdDatabase.FileName), PsrdDatabase.Schema, database => SignBooks(database, kind, entropy)));
        (Instance, var found) = ReadBooks();
        if (found != kind)
        {
            throw new StorageException(Path, $"The data directory belongs to a {found}, this node is a {kind}.", "Give each node a directory of its own.");
        }

        State = Keep(Database.Open(System.IO.Path.Combine(Path, stateName), stateSchema, SignState));
        if (ReadState() != Instance)
        {
            throw new StorageException(
                State.Path,
                $"The database does not belong to {PsrdDatabase.FileName} beside it: two data directories were mixed.",
                $"Put back the one that belongs to it, or delete {stateName} to let the node forget what it holds.");
        }

        var store = Keep(new BlockStore(blocks, new SqliteBlockLedger(Books), time));
        Psrd = store;
    }

    /// <summary>New books beside old blocks would take those for strays and erase them.</summary>
    private void RefuseToStartAnewBeside(DiskFiles blocks, string stateName)
    {
        if (Files.LengthOf(PsrdDatabase.FileName) is null
            && (Files.LengthOf(stateName) is not null || blocks.List().Any(BlockFileName.IsOurs)))
        {
            throw new StorageException(
                Files.PathOf(PsrdDatabase.FileName),
                "The database is missing, though other files of the node are there.",
                "Put it back as it was, or delete the whole data directory to let the node begin with nothing.");
        }
    }

    private static void SignBooks(Database database, string kind, IEntropySource entropy)
        => SignWith(database, "INSERT INTO node (id, instance, kind) VALUES (1, $1, $2)", entropy.NextUuid(), kind);

    private void SignState(Database database) => SignWith(database, "INSERT INTO node (id, instance) VALUES (1, $1)", Instance);

    private static void SignWith(Database database, string sql, params object?[] values)
    {
        var statement = database.Prepare(sql);
        database.Run(() => statement.Execute(values));
    }

    private (Guid Instance, string Kind) ReadBooks()
    {
        var statement = Books.Prepare("SELECT instance, kind FROM node");
        var rows = Books.Run(() => statement.Query(row => (row.GetUuid(0), row.GetString(1))));
        return rows.Count == 1 ? rows[0] : throw DatabaseFaults.Damaged(Books.Path);
    }

    private Guid ReadState()
    {
        var statement = State.Prepare("SELECT instance FROM node");
        var rows = State.Run(() => statement.Query(row => row.GetUuid(0)));
        return rows.Count == 1 ? rows[0] : throw DatabaseFaults.Damaged(State.Path);
    }
}
