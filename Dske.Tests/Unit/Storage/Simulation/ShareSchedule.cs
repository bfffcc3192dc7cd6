using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Storage.States;
using Dske.Tests.Unit.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// A hub that saves, updates and removes shares as a seed says, and an auditor who knows what has to be there, and looks through everything on
/// the disk for what must not be there any more.
/// </summary>
internal sealed class ShareSchedule : IDisposable
{
    private static readonly Guid Instance = Guid.Parse("5c3f3b06-6ad0-4a6b-9c0c-3d0c1a6a3b55");

    private readonly Dictionary<Guid, Expected> _expected = [];
    private readonly Random _random;
    private readonly RecordedEntropy _entropy;
    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedHubLedger _ledger;
    private HubState _state;

    public ShareSchedule(int seed)
    {
        _random = new Random(seed);
        _entropy = new RecordedEntropy(seed + 1);
        var disks = new Random(seed + 2);
        Power = new Power(disks);
        Disk = new SimulatedDisk(Power, disks);
        _ledger = new SimulatedHubLedger(Power);
        _state = Open();
    }

    public Power Power { get; }

    public SimulatedDisk Disk { get; }

    /// <summary>Runs steps; false when the power went before the end.</summary>
    public async Task<bool> RunAsync(int steps)
    {
        for (var i = 0; i < steps && Power.IsOn; i++)
        {
            try
            {
                await StepAsync();
                Audit();
            }
            catch (Exception e) when (e is StorageException or PowerLossException)
            {
                // The step failed; what is there afterwards is looked at after the next one.
            }
        }

        return Power.IsOn;
    }

    /// <summary>Takes the power away, starts anew and looks at everything.</summary>
    public void LosePower()
    {
        Power.Cut();
        _state.Dispose();
        Disk.LosePower();
        Power.Restore();
        _state = Open();
        Audit();
    }

    public void Dispose() => _state.Dispose();

    private HubState Open() => new(Disk, _ledger, Instance, _entropy, _time);

    private async Task StepAsync()
    {
        var choice = _random.Next(10);
        var known = _expected.Values.Where(share => share.MustBeThere).ToList();
        if (choice < 5 || known.Count == 0)
        {
            await SaveAsync(_random.Next(1, 80));
            return;
        }

        var expected = known[_random.Next(known.Count)];
        if (choice < 7)
        {
            expected.Record = expected.Record with { Delivered = true, ExpiresAt = expected.Record.ExpiresAt.AddSeconds(1) };
            _state.UpdateShare(expected.Record);
        }
        else
        {
            expected.MustBeThere = false;
            _state.RemoveShare(expected.Record);
            Disposed(_state.LoadShares());
            expected.IsErased = true;
        }
    }

    private async Task SaveAsync(int size)
    {
        var (id, value) = (new byte[16], new byte[size]);
        _random.NextBytes(id);
        _random.NextBytes(value);
        using var secret = SecretBytes.CopyOf(value);
        var record = new ShareRecord(
            NodeName.Parse("carol"), new Guid(id), SaeId.Parse("sam"), SaeId.Parse("sofia"), NodeName.Parse("conny"), 1, secret, default, false);
        var saved = _state.SaveShareAsync(record);
        var expected = new Expected { Record = record with { Value = null! }, Value = value, Key = _entropy.Drawn[^1] };
        _expected.Add(record.KeyId, expected);
        await saved;
        expected.MustBeThere = true;
    }

    private void Audit()
    {
        var loaded = _state.LoadShares().ToDictionary(share => share.KeyId, share => share.Value.Span.ToArray());
        foreach (var expected in _expected.Values)
        {
            var isThere = loaded.TryGetValue(expected.Record.KeyId, out var value);
            Assert.True(isThere || !expected.MustBeThere, "A saved share was lost.");
            Assert.False(isThere && expected.IsErased, "A removed share came back.");
            Assert.True(!isThere || expected.Value.AsSpan().SequenceEqual(value), "A share changed.");
            if (!isThere)
            {
                Assert.False(ReachableMemory.Holds([expected.Key], [.. Disk.AllDurable]), "The key of a share that is gone is on the disk.");
            }
        }

        Assert.False(ReachableMemory.Holds(_expected.Values.Select(share => share.Value), [.. Disk.AllDurable]), "A share is on the disk.");
        Assert.False(ReachableMemory.Holds(_expected.Values.Select(share => share.Value), [.. _ledger.Rows.Select(row => row.Sealed)]), "A share is in the books.");
    }

    private static void Disposed(IReadOnlyList<ShareRecord> shares)
    {
        foreach (var share in shares)
        {
            share.Value.Dispose();
        }
    }

    private sealed class Expected
    {
        public required ShareRecord Record { get; set; }

        public required byte[] Value { get; init; }

        /// <summary>The key under which it was stored.</summary>
        public required byte[] Key { get; init; }

        public bool MustBeThere { get; set; }

        public bool IsErased { get; set; }
    }
}
