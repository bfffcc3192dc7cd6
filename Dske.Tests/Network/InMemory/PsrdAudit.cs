using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// Reads along on the wire, as anybody can, and notes every byte of PSRD that a message names: each must be named once, whatever
/// happens to messages and nodes. Nodes with a journal also tell of every byte that they allocate or take: each of that once, too.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PsrdAudit
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, SortedList<long, (long End, string Message)>> _used = [];
    private readonly Dictionary<Guid, SortedList<long, (long End, string Message)>> _allocated = [];
    private readonly Dictionary<Guid, SortedList<long, (long End, string Message)>> _taken = [];
    private readonly List<string> _violations = [];

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>How many bytes of a block messages have named.</summary>
    public long CountUsed(Guid block)
    {
        lock (_lock)
        {
            return _used.TryGetValue(block, out var ranges) ? ranges.Sum(range => range.Value.End - range.Key) : 0;
        }
    }

    /// <summary>Where a node tells which bytes it uses.</summary>
    public IPsrdJournal JournalOf(NodeName node) => new Journal(this, node);

    /// <summary>Notes what a request names.</summary>
    public void Observe(InBandExchange exchange)
    {
        var name = $"{exchange.Client}→{exchange.Hub.Name} {(exchange.Request.IsPost ? "POST" : "GET")} {exchange.Request.Resource} {exchange.KeyId}";
        ObserveSignature(exchange.Request.Signature, name);
        if (exchange.Pad is { } pad)
        {
            Observe(pad, name + " pad");
        }
    }

    /// <summary>Notes what a hub's answer names.</summary>
    public void Observe(InBandExchange exchange, HubResponse answer)
    {
        var name = $"{exchange.Hub.Name}→{exchange.Client} {answer.Status} {exchange.KeyId}";
        if (answer.Signature is not null)
        {
            ObserveSignature(answer.Signature, name);
        }

        if (!exchange.Request.IsPost && answer.Status == 200 && ReadPad(exchange.Request.Resource, answer.Body.Span) is { } pad)
        {
            Observe(pad, name + " pad");
        }
    }

    private static Allocation? ReadPad(string resource, ReadOnlySpan<byte> body) => resource switch
    {
        OutgoingRequest.KeyShares => MessageJson.TryRead<GetKeySharesAnswer>(body, Dialect.Guide, out var several) ? several.EncryptionKeyAllocation : null,
        OutgoingRequest.KeyShare => MessageJson.TryRead<GetKeyShareAnswer>(body, Dialect.Guide, out var one)
            || MessageJson.TryRead(body, Dialect.Reference, out one) ? one.EncryptionKeyAllocation : null,
        _ => null,
    };

    private void ObserveSignature(string value, string message)
    {
        if (SignatureHeader.TryParse(value, out var header) && header.SigningKey.Size == MessageMac.KeySize)
        {
            Observe(header.SigningKey, message + " key");
        }
        else
        {
            Report($"{message}: not a proper signature: {value}");
        }
    }

    private void Observe(Allocation allocation, string message) => Note(_used, allocation, message);

    private void Note(Dictionary<Guid, SortedList<long, (long End, string Message)>> notes, Allocation allocation, string message)
    {
        lock (_lock)
        {
            foreach (var fragment in allocation.Fragments)
            {
                if (!notes.TryGetValue(fragment.BlockId, out var ranges))
                {
                    notes[fragment.BlockId] = ranges = [];
                }

                var end = fragment.Start + fragment.Size;
                var index = CountBefore(ranges, end);
                if (index > 0 && ranges.GetValueAtIndex(index - 1) is var (otherEnd, other) && fragment.Start < otherEnd)
                {
                    Report($"{message} names {fragment}, which {other} named before");
                }

                ranges.TryAdd(fragment.Start, (end, message));
            }
        }
    }

    /// <summary>How many ranges begin before a byte. As long as nothing is wrong the last of them is the only one that may reach beyond.</summary>
    private static int CountBefore(SortedList<long, (long End, string Message)> ranges, long position)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges.GetKeyAtIndex(middle) < position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Report(string violation)
    {
        lock (_lock)
        {
            _violations.Add(violation);
        }
    }

    private sealed class Journal(PsrdAudit audit, NodeName node) : IPsrdJournal
    {
        public void Allocated(PsrdPoolKey pool, Allocation allocation) => audit.Note(audit._allocated, allocation, $"{node} allocates for {pool.Peer} and");

        public void Taken(PsrdPoolKey pool, Allocation allocation) => audit.Note(audit._taken, allocation, $"{node} takes from {pool.Peer} and");
    }
}
