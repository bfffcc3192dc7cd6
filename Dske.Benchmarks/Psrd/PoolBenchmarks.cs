using BenchmarkDotNet.Attributes;
using Dske.Protocol.Authentication;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Psrd;

/// <summary>Both ends of a pool in memory: a pad and a signing key for one share, allocated by the owner and taken by its peer.</summary>
[InvocationCount(Messages, unrollFactor: 1)]
[MaxWarmupCount(10)]
[MaxIterationCount(20)]
public class PoolBenchmarks
{
    private const int Messages = 16 * 1024;
    private const int PadSize = 32;
    private const int BlockSize = Messages * (PadSize + MessageMac.KeySize);

    private static readonly PsrdPoolKey Key = new(NodeName.Parse("hank"), PoolOwner.Client);

    private readonly (Allocation Pad, Allocation Key)[] _allocations = new (Allocation, Allocation)[Messages];
    private readonly byte[] _pad = new byte[PadSize];
    private readonly byte[] _signingKey = new byte[MessageMac.KeySize];
    private InMemoryPsrdStore _ownersStore = null!;
    private InMemoryPsrdStore _peersStore = null!;
    private LocalPool _owner = null!;
    private PeerPool _peer = null!;
    private int _next;

    /// <summary>Fills both ends.</summary>
    [IterationSetup(Target = nameof(Allocate))]
    public void Fill()
    {
        (_ownersStore, _peersStore) = (new InMemoryPsrdStore(), new InMemoryPsrdStore());
        (_owner, _peer) = (new LocalPool(_ownersStore, Key), new PeerPool(_peersStore, Key));
        using var block = new SecretBytes(BlockSize);
        SystemEntropySource.Instance.Fill(block.Span);
        var id = SystemEntropySource.Instance.NextUuid();
        _owner.TryAdd(id, block.Span);
        _peer.TryAdd(id, block.Span);
        _next = 0;
    }

    /// <summary>Fills both ends, and allocates what the peer takes.</summary>
    [IterationSetup(Target = nameof(Take))]
    public void FillAndAllocate()
    {
        Fill();
        for (var i = 0; i < Messages; i++)
        {
            Allocate();
        }

        _next = 0;
    }

    /// <summary>Empties both ends.</summary>
    [IterationCleanup]
    public void Empty()
    {
        _owner.Dispose();
        _peer.Dispose();
        _ownersStore.Dispose();
        _peersStore.Dispose();
    }

    /// <summary>The owner's end: a pad and a key in one step.</summary>
    /// <exception cref="InvalidOperationException">The pool is empty.</exception>
    [Benchmark]
    public void Allocate()
    {
        if (_owner.TryAllocate(_pad, _signingKey, out var pad, out var key) != PsrdOutcome.Ok)
        {
            throw new InvalidOperationException("The pool is empty: nothing is measured.");
        }

        _allocations[_next++] = (pad!, key!);
    }

    /// <summary>The peer's end: the key is read to check a signature, then key and pad are taken.</summary>
    /// <exception cref="InvalidOperationException">The pool does not have them.</exception>
    [Benchmark]
    public void Take()
    {
        var (pad, key) = _allocations[_next++];
        if (_peer.TryRead(key, _signingKey) != PsrdOutcome.Ok
            || !_peer.TryTake(key, MessageMac.KeySize, pad, _pad, out var outcome)
            || outcome != PsrdOutcome.Ok)
        {
            throw new InvalidOperationException("The peer does not have it: nothing is measured.");
        }
    }
}
