using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>
/// Both ends of a pool over a network that reorders, loses and repeats messages, and an auditor who looks at every byte that either
/// end hands out. Any of the ends may stop and start again.
/// </summary>
internal sealed class LinkSimulation : IDisposable
{
    private readonly PsrdBlocks _blocks;
    private readonly Random _random;
    private readonly InMemoryPsrdStore _ownersStore = new();
    private readonly InMemoryPsrdStore _receiversStore = new();
    private readonly List<Message> _inFlight = [];
    private readonly Dictionary<Guid, bool[]> _allocated;
    private readonly Dictionary<Guid, bool[]> _taken;
    private LocalPool _owner;
    private PeerPool _receiver;

    public LinkSimulation(int seed, IEnumerable<int> blockSizes)
    {
        _random = new Random(seed);
        _blocks = new PsrdBlocks(seed, blockSizes);
        _allocated = _blocks.All.ToDictionary(block => block.Id, block => new bool[block.Data.Length]);
        _taken = _blocks.All.ToDictionary(block => block.Id, block => new bool[block.Data.Length]);
        _owner = _blocks.OpenOwner(_ownersStore);
        _receiver = _blocks.OpenReceiver(_receiversStore);
    }

    /// <summary>Messages that the owner sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Messages whose key and pad the receiver took.</summary>
    public int Received { get; private set; }

    /// <summary>How many bytes the owner lost in stops, and how many the receiver.</summary>
    public (long Owner, long Receiver) Forfeited { get; private set; }

    /// <summary>How many messages are on their way.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>The owner allocates a pad and a key; false when its pool is at its end.</summary>
    public bool Send()
    {
        var (pad, key) = (new byte[_random.Next(4) == 0 ? 0 : _random.Next(1, 700)], new byte[PoolSteps.KeySize]);
        var available = _owner.AvailableBytes;
        var outcome = _owner.TryAllocate(pad, key, out var padAllocation, out var keyAllocation);
        if (outcome != PsrdOutcome.Ok)
        {
            Assert.True(outcome == PsrdOutcome.TooFragmented || available < pad.Length + key.Length);
            Assert.Equal(available, _owner.AvailableBytes);
            return false;
        }

        Audit(_allocated, keyAllocation!, key);
        if (padAllocation is not null)
        {
            Audit(_allocated, padAllocation, pad);
        }

        Assert.Equal(available - pad.Length - key.Length, _owner.AvailableBytes);
        _inFlight.Add(new Message(keyAllocation!, key, padAllocation, pad));
        Sent++;
        return true;
    }

    /// <summary>Delivers a message out of those on their way, and sometimes delivers it again.</summary>
    /// <param name="mustArrive">Whether the receiver has no reason to refuse it.</param>
    public void Deliver(bool mustArrive)
    {
        var index = _random.Next(_inFlight.Count);
        var message = _inFlight[index];
        _inFlight.RemoveAt(index);
        for (var repeat = _random.Next(3) == 0 ? 2 : 1; repeat > 0; repeat--)
        {
            if (Receive(message))
            {
                Received++;
            }
            else
            {
                Assert.False(mustArrive, $"A message was refused: {message.Key}");
            }

            mustArrive = false;
        }
    }

    /// <summary>Loses a message.</summary>
    public void Lose() => _inFlight.RemoveAt(_random.Next(_inFlight.Count));

    /// <summary>The owner stops, cleanly or not, and starts again from its storage.</summary>
    public void RestartOwner()
    {
        var before = _owner.AvailableBytes;
        if (_random.Next(2) == 0)
        {
            _owner.Dispose();
        }

        _owner = new LocalPool(_ownersStore, PsrdBlocks.Pool);
        Assert.InRange(before - _owner.AvailableBytes, 0, WindowGrid.MaxWindow);
        Forfeited = (Forfeited.Owner + before - _owner.AvailableBytes, Forfeited.Receiver);
    }

    /// <summary>The receiver stops, cleanly or not, and starts again from its storage.</summary>
    public void RestartReceiver()
    {
        var before = _receiver.AvailableBytes;
        if (_random.Next(2) == 0)
        {
            _receiver.Dispose();
        }

        _receiver = new PeerPool(_receiversStore, PsrdBlocks.Pool);
        Forfeited = (Forfeited.Owner, Forfeited.Receiver + before - _receiver.AvailableBytes);
    }

    /// <summary>Compares the counters with the audit, and looks for used bytes in memory and storage.</summary>
    public void CheckBooks()
    {
        Assert.Equal(_blocks.TotalBytes - Count(_allocated) - Forfeited.Owner, _owner.AvailableBytes);
        Assert.Equal(_blocks.TotalBytes - Count(_taken) - Forfeited.Receiver, _receiver.AvailableBytes);
        Assert.Equal(_owner.AvailableBytes, _owner.GetStatus().Sum(block => block.UnusedBytes));
        Assert.Equal(_receiver.AvailableBytes, _receiver.GetStatus().Sum(block => block.UnusedBytes));
        Assert.All(_receiver.GetStatus(), block => Assert.InRange(block.UnusedBytes, 1, block.Size));
        Assert.False(ReachableMemory.Holds(RunsOf(_allocated), _owner, _ownersStore));
        Assert.False(ReachableMemory.Holds(RunsOf(_taken), _receiver, _receiversStore));
    }

    public void Dispose()
    {
        _owner.Dispose();
        _receiver.Dispose();
        _ownersStore.Dispose();
        _receiversStore.Dispose();
    }

    private bool Receive(Message message)
    {
        var (key, pad, available) = (new byte[message.KeyBytes.Length], new byte[message.PadBytes.Length], _receiver.AvailableBytes);
        var readable = _receiver.TryRead(message.Key, key) == PsrdOutcome.Ok;
        Assert.Equal(available, _receiver.AvailableBytes);
        Assert.True(!readable || key.AsSpan().SequenceEqual(message.KeyBytes));

        var taken = _receiver.TryTake(message.Key, key.Length, message.Pad, pad, out var outcome);
        Assert.Equal(readable, taken);
        if (taken)
        {
            Audit(_taken, message.Key, message.KeyBytes);
        }

        if (taken && outcome == PsrdOutcome.Ok && message.Pad is not null)
        {
            Audit(_taken, message.Pad, pad);
            Assert.Equal(message.PadBytes, pad);
        }

        return taken && outcome == PsrdOutcome.Ok;
    }

    private void Audit(Dictionary<Guid, bool[]> used, Allocation named, byte[] bytes)
    {
        Assert.Equal(_blocks.Cut(named), bytes);
        foreach (var fragment in named.Fragments)
        {
            var run = used[fragment.BlockId].AsSpan((int)fragment.Start, (int)fragment.Size);
            Assert.False(run.Contains(true), $"Bytes of {fragment} came twice.");
            run.Fill(true);
        }
    }

    private static long Count(Dictionary<Guid, bool[]> used) => used.Values.Sum(block => (long)block.AsSpan().Count(true));

    private IEnumerable<byte[]> RunsOf(Dictionary<Guid, bool[]> used)
    {
        foreach (var (id, data) in _blocks.All)
        {
            for (int from = 0, at = 0; at <= data.Length; at++)
            {
                if (at == data.Length || !used[id][at])
                {
                    yield return data[from..at];
                    from = at + 1;
                }
            }
        }
    }

    private sealed record Message(Allocation Key, byte[] KeyBytes, Allocation? Pad, byte[] PadBytes);
}
