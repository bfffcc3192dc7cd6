using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Storage.Databases;

namespace Dske.Storage.Psrd;

/// <summary>The books of the blocks in <c>psrd.db</c>.</summary>
internal sealed class SqliteBlockLedger(Database database) : IBlockLedger
{
    private const string TheBlock = "WHERE peer = $1 AND owner = $2 AND uuid = $3";

    private readonly Statement _load = database.Prepare(
        "SELECT peer, owner, uuid, size, floor, erased, confirmed, added_at FROM block WHERE finished = 0 ORDER BY number");

    private readonly Statement _knows = database.Prepare($"SELECT number FROM block {TheBlock}");

    private readonly Statement _add = database.Prepare(
        "INSERT INTO block (peer, owner, uuid, size, floor, erased, confirmed, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

    private readonly Statement _forget = database.Prepare($"DELETE FROM block {TheBlock}");

    // After a failed commit the file may be ahead of what we know: neither mark may fall then.
    private readonly Statement _raise = database.Prepare($"UPDATE block SET floor = max(floor, $4), erased = max(erased, $5) {TheBlock}");

    private readonly Statement _confirm = database.Prepare($"UPDATE block SET confirmed = 1 {TheBlock}");

    private readonly Statement _finish = database.Prepare($"UPDATE block SET finished = 1, floor = size, erased = size {TheBlock}");

    public IReadOnlyList<BlockRow> Load() => database.Run(() => _load.Query(row => new BlockRow(
        new PsrdPoolKey(NodeName.Parse(row.GetString(0)), (PoolOwner)row.GetInt32(1)),
        row.GetUuid(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetBoolean(6),
        row.GetTime(7))));

    public bool Knows(PsrdPoolKey pool, Guid id)
        => database.Run(() => _knows.Query(row => row.GetInt64(0), pool.Peer.Value, (long)pool.Owner, id).Count > 0);

    public void Add(BlockRow block) => database.Run(() => _add.Execute(
        block.Pool.Peer.Value, (long)block.Pool.Owner, block.Id, block.Size, block.Floor, block.Erased, block.IsConfirmed, block.AddedAt));

    public void Forget(PsrdPoolKey pool, Guid id) => Change(_forget, pool, id);

    public void Raise(PsrdPoolKey pool, Guid id, long floor, long erased)
        => database.Run(() => _raise.Execute(pool.Peer.Value, (long)pool.Owner, id, floor, erased));

    public void Confirm(PsrdPoolKey pool, Guid id) => Change(_confirm, pool, id);

    public void Finish(PsrdPoolKey pool, Guid id) => Change(_finish, pool, id);

    private void Change(Statement statement, PsrdPoolKey pool, Guid id)
        => database.Run(() => statement.Execute(pool.Peer.Value, (long)pool.Owner, id));
}
