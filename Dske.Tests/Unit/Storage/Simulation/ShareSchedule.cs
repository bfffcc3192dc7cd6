using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Storage.Records;
using Dske.Storage.States;
using Dske.Tests.Unit.Persistence;
using Dske.Tests.Unit.Psrd;
using Dske.Tests.Unit.SecretSharing;
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
    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedHubLedger _ledger;
    private HubState _state;

    public ShareSchedule(int seed)
    {
        _random = new Random(seed);
        var disks = new Random(seed + 2);
        Power = new Power(disks);
        Disk = new SimulatedDisk(Power, disks);
        _ledger = new SimulatedHubLedger(Power);
        RecordFile.Create(Disk, HubState.FileName, Instance, new SeededEntropySource(seed + 1));
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

    private HubState Open() => new(Disk, _ledger, Instance, _time);

    private async Task StepAsync()
    {
        var choice = _random.Next(10);
        var known = _expected.Values.Where(share => share.MustBeThere).ToList();
        if (choice < 5 || known.Count == 0)
        {
            await SaveAsync(_random.Next(4) == 0 ? _random.Next(200, 2000) : _random.Next(16, 80));
            return;
        }

        var expected = known[_random.Next(known.Count)];
        if (choice < 7)
        {
            expected.Record = expected.Record with { Recipients = [expected.Record.Recipients[0] with { Delivered = true }], ExpiresAt = expected.Record.ExpiresAt.AddSeconds(1) };
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
        var record = HubStateStoreExtensions.Waiting(new Guid(id), secret, index: 1);
        var saved = _state.SaveShareAsync(record);
        var expected = new Expected { Record = record with { Value = null! }, Value = value };
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
        }

        Assert.False(
            ReachableMemory.Holds(_expected.Values.Where(share => !loaded.ContainsKey(share.Record.KeyId)).SelectMany(Parts), [.. Disk.AllDurable]),
            "A share that is gone is on the disk.");
    }

    /// <summary>A share may be torn: any piece of it that is left is one too many.</summary>
    private static IEnumerable<byte[]> Parts(Expected share) => share.Value.Length <= 128 ? [share.Value] : share.Value.Chunk(128).Where(part => part.Length >= 16);

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

        public bool MustBeThere { get; set; }

        public bool IsErased { get; set; }
    }
}
