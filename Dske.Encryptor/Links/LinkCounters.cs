using System.Collections.Concurrent;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>What happened on a link since this encryptor started. Safe for concurrent use.</summary>
internal sealed class LinkCounters
{
    private readonly ConcurrentDictionary<string, long> _rejected = new();
    private long _sent;
    private long _received;
    private long _rollOvers;
    private long _failures;
    private long _pauses;

    public long Sent => Interlocked.Read(ref _sent);

    public long Received => Interlocked.Read(ref _received);

    public long RollOvers => Interlocked.Read(ref _rollOvers);

    public long Failures => Interlocked.Read(ref _failures);

    public long Pauses => Interlocked.Read(ref _pauses);

    /// <summary>What was refused, by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected => _rejected;

    public void CountSent(int bytes) => Interlocked.Add(ref _sent, bytes);

    public void CountReceived(int bytes) => Interlocked.Add(ref _received, bytes);

    public void CountRollOver() => Interlocked.Increment(ref _rollOvers);

    public void CountFailure() => Interlocked.Increment(ref _failures);

    public void CountPause() => Interlocked.Increment(ref _pauses);

    public void CountRejected(string reason) => _rejected.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    public void CountRejectedRecord(RecordStatus status) => CountRejected(status switch
    {
        RecordStatus.Malformed => "malformed",
        RecordStatus.OutOfOrder => "out_of_order",
        RecordStatus.Forged => "forged",
        _ => "key_missing",
    });
}
