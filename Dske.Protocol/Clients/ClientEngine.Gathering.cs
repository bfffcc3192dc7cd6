using System.Diagnostics;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>How requests for single keys of the same two encryptors travel together when there are many.</summary>
public sealed partial class ClientEngine
{
    // Larger keys are worth messages of their own.
    private const int MaxGatheredKeyBytes = 1024;
    private const int MaxGathered = 32;

    private readonly Gathering<MakingGroup, long, MadeKeys> _making;
    private readonly Gathering<CollectingGroup, Guid, CollectedKey> _collecting;
    private long _requests;

    /// <summary>How many requests wait to travel with others.</summary>
    internal int GatheredRequests => _making.Waiting + _collecting.Waiting;

    /// <summary>
    /// Whether a request may go with others. One whose trace is kept goes by itself, so that its trace shows all that was done for it. Hubs of other
    /// implementations take one key at a time, and it would take longer together.
    /// </summary>
    private bool CanGather => Activity.Current is not { IsAllDataRequested: true } && Array.TrueForAll(_links, static link => link.Session is not { IsNative: false });

    private Gathering<MakingGroup, long, MadeKeys> GatherMaking(GatheringLimits limits) => new(
        limits,
        _time,
        async (group, requests) =>
        {
            var made = await _initiator.EstablishAsync(
                group.Master, [group.Slave], requests.Count, group.Size, (long)requests.Count * group.Size, CancellationToken.None).ConfigureAwait(false);
            return [.. requests.Select((_, i) => made with { Keys = made.Outcome == KeyOutcome.Ok ? [made.Keys[i]] : [] })];
        },
        static made =>
        {
            foreach (var key in made.Keys)
            {
                key.Dispose();
            }
        });

    private Gathering<CollectingGroup, Guid, CollectedKey> GatherCollecting(GatheringLimits limits) => new(
        limits,
        _time,
        (group, keyIds) => _responder.CollectAsync(keyIds, group.Master, group.Slave, CancellationToken.None),
        static collected => collected.Key?.Dispose());

    /// <summary>Makes keys that travel together, those of other requests among them when there are many.</summary>
    private async Task<MadeKeys> MakeAsync(
        SaeId master, IReadOnlyList<SaeId> slaves, int count, int size, long requestSize, CancellationToken cancellationToken)
    {
        if (requestSize > MaxGatheredKeyBytes || count * size != requestSize || count > 1 || slaves.Count > 1 || !CanGather)
        {
            return await AloneAsync(cancellationToken).ConfigureAwait(false);
        }

        var began = _time.GetTimestamp();
        var (made, wasShared) = await _making.RunAsync(
            new MakingGroup(master, slaves[0], size), Interlocked.Increment(ref _requests), AloneAsync, cancellationToken).ConfigureAwait(false);

        // Many can be more than a hub has PSRD for, when it has enough for one.
        return wasShared && made.Outcome == KeyOutcome.Unavailable && IsEarly(began) ? await AloneAsync(cancellationToken).ConfigureAwait(false) : made;

        Task<MadeKeys> AloneAsync(CancellationToken token) => _initiator.EstablishAsync(master, slaves, count, size, requestSize, token);
    }

    /// <summary>Rebuilds keys, those of other requests along with a single one when there are many.</summary>
    private async Task<IReadOnlyList<CollectedKey>> CollectAsync(
        IReadOnlyList<Guid> keyIds, SaeId master, SaeId slave, CancellationToken cancellationToken)
    {
        if (keyIds.Count > 1 || !CanGather)
        {
            return await _responder.CollectAsync(keyIds, master, slave, cancellationToken).ConfigureAwait(false);
        }

        var began = _time.GetTimestamp();
        var (collected, wasShared) = await _collecting.RunAsync(
            new CollectingGroup(master, slave), keyIds[0], AloneAsync, cancellationToken).ConfigureAwait(false);

        // A hub waits for few of the shares that are still on their way, when there are many; and there may be more than an answer holds.
        return [wasShared && collected.Outcome is KeyOutcome.Unavailable or KeyOutcome.NotFound && IsEarly(began)
            ? await AloneAsync(cancellationToken).ConfigureAwait(false)
            : collected];

        async Task<CollectedKey> AloneAsync(CancellationToken token) => (await _responder.CollectAsync(keyIds, master, slave, token).ConfigureAwait(false))[0];
    }

    /// <summary>Whether there is time enough left of what an encryptor waits.</summary>
    private bool IsEarly(long began) => _time.GetElapsedTime(began) < _settings.Limits.EstablishTimeout / 2;

    private readonly record struct MakingGroup(SaeId Master, SaeId Slave, int Size);

    private readonly record struct CollectingGroup(SaeId Master, SaeId Slave);
}
