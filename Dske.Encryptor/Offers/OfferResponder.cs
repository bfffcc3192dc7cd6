using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Offers;

/// <summary>
/// The responder's side of an establishment: gets the offered keys from its own KME by their IDs, keeps them once the initiator's
/// proofs are found right, and answers with its own. It is all keys or none.
/// </summary>
internal sealed class OfferResponder
{
    private readonly EncryptorSettings _settings;
    private readonly KmeExchange _kme;
    private readonly KeyStore _store;
    private readonly EncryptorTelemetry _telemetry;
    private readonly TimeProvider _time;

    public OfferResponder(EncryptorSettings settings, KmeExchange kme, KeyStore store, EncryptorTelemetry telemetry, TimeProvider time)
    {
        _settings = settings;
        _kme = kme;
        _store = store;
        _telemetry = telemetry;
        _time = time;
    }

    /// <summary>Takes an offer up.</summary>
    /// <param name="initiator">The known peer that made it.</param>
    /// <param name="offered">Its keys: at least one, with different IDs.</param>
    /// <param name="taker">Where they go; null for where keys go that are for nothing in particular.</param>
    /// <param name="cancellationToken">Ends it; keys on their way are lost.</param>
    public async Task<ExchangeResult<OfferAnswer>> AcceptAsync(
        Peer initiator,
        IReadOnlyList<OfferedKey> offered,
        IKeyTaker? taker,
        CancellationToken cancellationToken)
    {
        using var span = _telemetry.Begin(KeyRole.Responder, initiator.SaeId, offered.Count);
        var keyIds = offered.Select(key => key.KeyId).ToList();

        // A known ID means an offer that came before: the KME, which hands a key out once, is not bothered with it.
        if (!_store.TryReserve(keyIds))
        {
            span.Fail(ExchangeFailure.KeyIdKnown);
            return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.KeyIdKnown);
        }

        try
        {
            var result = await ExchangeAsync(initiator, offered, keyIds, taker ?? _store, cancellationToken);
            if (result.Succeeded)
            {
                span.Succeed();
            }
            else
            {
                span.Fail(result.Failure);
            }

            return result;
        }
        finally
        {
            _store.Release(keyIds);
        }
    }

    private async Task<ExchangeResult<OfferAnswer>> ExchangeAsync(
        Peer initiator,
        IReadOnlyList<OfferedKey> offered,
        List<Guid> keyIds,
        IKeyTaker taker,
        CancellationToken cancellationToken)
    {
        var delivery = await _kme.GetOfferedAsync(initiator.SaeId, keyIds, cancellationToken);
        if (!delivery.Succeeded)
        {
            return ExchangeResult<OfferAnswer>.Fail(delivery);
        }

        using var container = delivery.Value;
        return Confirm(initiator, offered, container.Keys, taker);
    }

    private ExchangeResult<OfferAnswer> Confirm(
        Peer initiator,
        IReadOnlyList<OfferedKey> offered,
        IReadOnlyList<DeliveredKey> keys,
        IKeyTaker taker)
    {
        var now = _time.GetUtcNow();
        var confirmed = new List<(EstablishedKey Established, SecretBytes Key)>(keys.Count);
        var answer = new List<ConfirmedKey>(keys.Count);
        foreach (var (key, offer) in keys.Zip(offered))
        {
            var context = new ConfirmationContext(key.KeyId, initiator.SaeId, _settings.SaeId) { Purpose = KeyPurpose.Of(taker) };
            if (!ConfirmationProof.Verify(ConfirmationRole.Initiator, key.Key, context, offer.Proof))
            {
                return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.NotConfirmed);
            }

            if (!taker.Accepts(key.SizeBits))
            {
                return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.KeyUnfit);
            }

            var fingerprint = KeyFingerprint.Of(key.Key);
            confirmed.Add((new EstablishedKey(initiator.SaeId, KeyRole.Responder, key.KeyId, key.SizeBits, fingerprint, now), key.Key));
            answer.Add(new ConfirmedKey
            {
                KeyId = key.KeyId,
                Proof = ConfirmationProof.Compute(ConfirmationRole.Responder, key.Key, context),
                Fingerprint = fingerprint,
            });
        }

        return taker.TryAdd(confirmed)
            ? ExchangeResult<OfferAnswer>.Success(new OfferAnswer { Keys = answer })
            : ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.KeyIdKnown);
    }
}
