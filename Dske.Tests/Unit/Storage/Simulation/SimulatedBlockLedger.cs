using Dske.Protocol.Psrd;
using Dske.Storage.Psrd;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// Books whose commits are durable or lost, never half done. A commit that failed may turn out to have happened once the power was gone.
/// </summary>
internal sealed class SimulatedBlockLedger(Power power, Random random) : IBlockLedger
{
    private List<(BlockRow Row, bool IsFinished)> _rows = [];
    private List<(BlockRow Row, bool IsFinished)> _durable = [];
    private List<(BlockRow Row, bool IsFinished)>? _ghost;

    /// <summary>A copy of other books.</summary>
    public SimulatedBlockLedger(Power power, Random random, SimulatedBlockLedger original)
        : this(power, random)
        => (_rows, _durable) = ([.. original._rows], [.. original._rows]);

    /// <summary>Books that lie: a commit is durable only when the next one is. Only to show that the audit notices.</summary>
    public bool IsLate { get; set; }

    public void LosePower()
    {
        _durable = _ghost is not null && random.Next(2) == 0 ? _ghost : _durable;
        _rows = [.. _durable];
        _ghost = null;
    }

    public IReadOnlyList<BlockRow> Load() => [.. _rows.Where(entry => !entry.IsFinished).Select(entry => entry.Row)];

    public bool Knows(PsrdPoolKey pool, Guid id)
    {
        power.EnsureOn();
        return _rows.Exists(entry => Is(entry.Row, pool, id));
    }

    public void Add(BlockRow block) => Commit(rows =>
    {
        Assert.DoesNotContain(rows, entry => Is(entry.Row, block.Pool, block.Id));
        rows.Add((block, false));
    });

    public void Forget(PsrdPoolKey pool, Guid id) => Commit(rows => rows.RemoveAll(entry => Is(entry.Row, pool, id)));

    public void Raise(PsrdPoolKey pool, Guid id, long floor, long erased) => Change(pool, id, entry => (entry.Row with
    {
        Floor = Math.Max(entry.Row.Floor, floor),
        Erased = Math.Max(entry.Row.Erased, erased),
    }, entry.IsFinished));

    public void Confirm(PsrdPoolKey pool, Guid id) => Change(pool, id, entry => (entry.Row with { IsConfirmed = true }, entry.IsFinished));

    public void Finish(PsrdPoolKey pool, Guid id) => Change(pool, id, entry => (entry.Row, true));

    private void Change(PsrdPoolKey pool, Guid id, Func<(BlockRow Row, bool IsFinished), (BlockRow Row, bool IsFinished)> change) => Commit(rows =>
    {
        var index = rows.FindIndex(entry => Is(entry.Row, pool, id));
        rows[index] = change(rows[index]);
    });

    private void Commit(Action<List<(BlockRow Row, bool IsFinished)>> change)
    {
        List<(BlockRow Row, bool IsFinished)> next = [.. _rows];
        change(next);
        _ghost = next;
        power.Step("/simulated/psrd.db", () =>
        {
            _durable = IsLate ? _rows : next;
            _rows = next;
            _ghost = null;
        });
    }

    private static bool Is(BlockRow row, PsrdPoolKey pool, Guid id) => row.Pool == pool && row.Id == id;
}
