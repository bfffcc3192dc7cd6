using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;

namespace Dske.Client.Audit;

/// <summary>Writes down what became of requests for keys, whichever interface they came over.</summary>
internal static class AuditTrailExtensions
{
    /// <summary>Writes down what became of a request. Keys that cannot be written down are zeroed.</summary>
    /// <param name="trail">The audit trail.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="caller">Who asked; null when that is not known.</param>
    /// <param name="others">The other encryptors.</param>
    /// <param name="asked">The keys that were asked for by their IDs.</param>
    /// <param name="result">What became of it; its keys stay the caller's when the result is true.</param>
    /// <returns>False when the keys must not be handed out.</returns>
    public static async Task<bool> TryRecordAsync(
        this AuditTrail trail, string operation, SaeId? caller, IReadOnlyList<SaeId> others, IReadOnlyList<Guid> asked, KeyResult result)
    {
        var record = new AuditRecord(operation, Describe(result.Outcome)) { Caller = caller, Others = others };
        if (result.Keys is not { } keys)
        {
            await trail.RecordRefusalAsync(record with { Keys = [.. asked.Select(id => new AuditedKey(id, null))] });
            return true;
        }

        var isWritten = false;
        try
        {
            isWritten = await trail.TryRecordAsync(record with { Keys = [.. keys.Keys.Select(key => new AuditedKey(key.KeyId, key.SizeBits))] });
            return isWritten;
        }
        finally
        {
            if (!isWritten)
            {
                keys.Dispose();
            }
        }
    }

    private static string Describe(KeyOutcome outcome) => outcome switch
    {
        KeyOutcome.Ok => AuditRecord.Ok,
        KeyOutcome.SlaveSaeUnknown => "slave-sae-unknown",
        KeyOutcome.NotFound => "not-found",
        KeyOutcome.NotYours => "not-yours",
        KeyOutcome.TooLarge => "too-large",
        KeyOutcome.EntropyUnavailable => "entropy-unavailable",
        _ => "unavailable",
    };
}
