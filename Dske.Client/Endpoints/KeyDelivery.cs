using Dske.Client.Audit;
using Dske.Client.Hosting;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.ServiceDefaults.Routing;
using Microsoft.Extensions.Options;

namespace Dske.Client.Endpoints;

/// <summary>
/// The three methods of ETSI GS QKD 014, once it is clear what is asked for: who may ask, what the engine makes of it, and the line in the audit trail without
/// which no key leaves.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class KeyDelivery(ClientEngine client, KmeDirectory directory, AuditTrail trail, IOptions<ClientOptions> settings)
{
    private readonly ClientOptions _options = settings.Value;

    /// <summary>Finds out who asks, and about whom.</summary>
    /// <param name="operation">What is asked for, for the audit trail.</param>
    /// <param name="request">The request.</param>
    /// <returns>The two SAEs, or the refusal to answer with.</returns>
    public async Task<(SaePair Pair, IResult? Refusal)> AdmitAsync(string operation, HttpRequest request)
    {
        if (!CallingSae.TryGet(request, client, out var caller, out var refusal))
        {
            await trail.RecordRefusalAsync(new AuditRecord(operation, "unauthorized"));
            return (default, refusal);
        }

        // Framework and standard disagree about %2F: a value keeps it, an SAE ID means '/'.
        refusal = !SaeId.TryParse(request.HttpContext.GetRouteText("sae"), out var other)
                ? KeyDeliveryAnswers.BadRequest("the SAE ID in the path shall have 1 to 255 printable characters")
            : other == caller && !_options.Keys.AllowSelf ? KeyDeliveryAnswers.BadRequest("the SAE ID in the path is the caller's own")
            : null;
        return (new SaePair(caller, other), refusal);
    }

    /// <summary>Get status: consumes no key. To find out who has the other SAE may take some PSRD, as often as hubs may be asked.</summary>
    public async Task<IResult> GetStatusAsync(SaePair pair, CancellationToken cancellationToken)
    {
        var owner = await directory.FindAsync(pair.Other, cancellationToken);
        if (owner.Client is not { } target)
        {
            return KeyDeliveryAnswers.Of(new KeyResult(owner.Kind == SaeOwnerKind.Unknown ? KeyOutcome.SlaveSaeUnknown : KeyOutcome.Unavailable, null));
        }

        var keys = _options.Keys;
        var stored = client.CountAvailableKeys(keys.DefaultSize / 8);

        // A pool is filled block by block: at its fullest it holds almost a block more than it has to.
        var most = (_options.Psrd.RefillTo + _options.Psrd.BlockSize) / ((keys.DefaultSize / 8) + MessageMac.KeySize);
        return TypedResults.Json(
            new KmeStatus
            {
                SourceKmeId = client.Name.Value,
                TargetKmeId = target.Value,
                MasterSaeId = pair.Caller.Value,
                SlaveSaeId = pair.Other.Value,
                KeySize = keys.DefaultSize,
                StoredKeyCount = (int)Math.Min(int.MaxValue, stored),
                MaxKeyCount = (int)Math.Min(int.MaxValue, Math.Max(most, stored)),
                MaxKeyPerRequest = keys.MaxPerRequest,
                MaxKeySize = keys.MaxSize,
                MinKeySize = keys.MinSize,
                MaxSaeIdCount = client.MaxAdditionalSlaves,
            },
            KeyDeliveryJson.Default.KmeStatus);
    }

    /// <summary>Get key: makes keys for the caller and the SAE in the path, and for those that the request names besides.</summary>
    public async Task<IResult> MakeAsync(SaePair pair, KeyRequest wanted, CancellationToken cancellationToken)
    {
        if (!KeyOrder.TryCreate(wanted, pair, _options.Keys, client.MaxAdditionalSlaves, out var order, out var problem))
        {
            return problem;
        }

        var request = new AuditRecord("enc_keys", string.Empty) { Caller = pair.Caller, Others = order.Slaves };
        return KeyDeliveryAnswers.Of(await trail.MakeKeysAsync(client, request, pair.Caller, order.Number, order.Size, cancellationToken));
    }

    /// <summary>Get key with key IDs: hands over keys that the SAE in the path made for the caller, all or none.</summary>
    public async Task<IResult> FetchAsync(SaePair pair, IReadOnlyList<Guid> keyIds, CancellationToken cancellationToken)
    {
        var most = _options.Keys.MaxPerRequest;
        var problem = keyIds.Count == 0 || keyIds.Count > most ? $"name 1 to {most} key IDs"
            : keyIds.Distinct().Count() != keyIds.Count ? "a key ID is named twice"
            : null;
        if (problem is not null)
        {
            return KeyDeliveryAnswers.BadRequest(problem);
        }

        var request = new AuditRecord("dec_keys", string.Empty) { Caller = pair.Caller, Others = [pair.Other] };
        return KeyDeliveryAnswers.Of(await trail.FetchKeysAsync(client, request, pair.Caller, keyIds, cancellationToken));
    }
}
