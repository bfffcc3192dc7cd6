using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Client.Audit;

/// <summary>Writes down what became of requests for keys, whichever interface they came over.</summary>
internal static class AuditTrailExtensions
{
    /// <summary>Makes keys and writes down what became of that. Keys that cannot be written down are zeroed.</summary>
    /// <param name="trail">The audit trail.</param>
    /// <param name="client">Makes the keys.</param>
    /// <param name="request">Who asks for what; its outcome is not looked at.</param>
    /// <param name="master">The encryptor that the keys are made for.</param>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="size">The size of each, in bytes.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    public static async Task<KeyResult> MakeKeysAsync(
        this AuditTrail trail, ClientEngine client, AuditRecord request, SaeId master, int number, int size, CancellationToken cancellationToken)
    {
        var result = await client.EstablishAsync(master, request.Others, number, size, cancellationToken);
        if (result.Keys is not { } keys)
        {
            await trail.RecordRefusalAsync(request with { Outcome = Describe(result.Outcome) });
            return result;
        }

        if (await trail.TryRecordAsync(request.Of(keys.Keys)))
        {
            return result;
        }

        keys.Dispose();
        return new KeyResult(KeyOutcome.Withheld, null);
    }

    /// <summary>
    /// Fetches keys and writes that down before they count as delivered: should it fail, they can be asked for again. Should the delivery fail after
    /// that, another line says so.
    /// </summary>
    /// <param name="trail">The audit trail.</param>
    /// <param name="client">Fetches the keys.</param>
    /// <param name="request">Who asks for what of whom; its outcome is not looked at.</param>
    /// <param name="slave">The encryptor that the keys are for.</param>
    /// <param name="keyIds">The keys; at least one, each once.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    public static async Task<KeyResult> FetchKeysAsync(
        this AuditTrail trail, ClientEngine client, AuditRecord request, SaeId slave, IReadOnlyList<Guid> keyIds, CancellationToken cancellationToken)
    {
        var isWritten = false;
        var result = await client.FetchAsync(
            keyIds, request.Others[0], slave, cancellationToken, async keys => isWritten = await trail.TryRecordAsync(request.Of(keys)));
        if (result.Keys is null && result.Outcome != KeyOutcome.Withheld)
        {
            var refusal = request with { Outcome = Describe(result.Outcome), Keys = [.. keyIds.Select(id => new AuditedKey(id, null))] };
            if (isWritten)
            {
                // It takes back what stands there, and has to be there whatever else was refused that day.
                await trail.TryRecordAsync(refusal);
            }
            else
            {
                await trail.RecordRefusalAsync(refusal);
            }
        }

        return result;
    }

    private static AuditRecord Of(this AuditRecord request, IReadOnlyList<DeliveredKey> keys)
        => request with { Outcome = AuditRecord.Ok, Keys = [.. keys.Select(key => new AuditedKey(key.KeyId, key.SizeBits))] };

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
