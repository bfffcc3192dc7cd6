using Dske.Encryptor.Configuration;
using Dske.Encryptor.Offers;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Establishment;

/// <summary>
/// The initiator's side of an establishment: gets fresh keys from the KME, offers them to the peer with proofs, and keeps them once the
/// peer has proved in turn that it holds the same. It is all keys or none.
/// </summary>
internal sealed class KeyInitiator
{
    private readonly EncryptorSettings _settings;
    private readonly KmeExchange _kme;
    private readonly PeerClient _peers;
    private readonly KeyStore _store;
    private readonly EncryptorTelemetry _telemetry;
    private readonly TimeProvider _time;

    public KeyInitiator(
        EncryptorSettings settings,
        KmeExchange kme,
        PeerClient peers,
        KeyStore store,
        EncryptorTelemetry telemetry,
        TimeProvider time)
    {
        _settings = settings;
        _kme = kme;
        _peers = peers;
        _store = store;
        _telemetry = telemetry;
        _time = time;
    }

    /// <summary>Establishes keys with a peer, for nothing in particular.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="number">How many keys.</param>
    /// <param name="sizeBits">The size of each in bits.</param>
    /// <param name="cancellationToken">Ends the establishment; keys on their way are lost.</param>
    public Task<ExchangeResult<EstablishedKeys>> EstablishAsync(Peer peer, int number, int sizeBits, CancellationToken cancellationToken) =>
        EstablishAsync(peer, number, sizeBits, _store, cancellationToken);

    /// <summary>Establishes keys with a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="number">How many keys.</param>
    /// <param name="sizeBits">The size of each in bits.</param>
    /// <param name="taker">Where they go.</param>
    /// <param name="cancellationToken">Ends the establishment; keys on their way are lost.</param>
    public async Task<ExchangeResult<EstablishedKeys>> EstablishAsync(
        Peer peer,
        int number,
        int sizeBits,
        IKeyTaker taker,
        CancellationToken cancellationToken)
    {
        using var span = _telemetry.Begin(KeyRole.Initiator, peer.SaeId, number);
        var started = _time.GetTimestamp();
        var result = await ExchangeAsync(peer, number, sizeBits, taker, cancellationToken);
        if (!result.Succeeded)
        {
            span.Fail(result.Failure);
            return ExchangeResult<EstablishedKeys>.Fail(result);
        }

        span.Succeed();
        return ExchangeResult<EstablishedKeys>.Success(new EstablishedKeys(result.Value, _time.GetElapsedTime(started)));
    }

    private async Task<ExchangeResult<List<EstablishedKey>>> ExchangeAsync(
        Peer peer,
        int number,
        int sizeBits,
        IKeyTaker taker,
        CancellationToken cancellationToken)
    {
        var delivery = await _kme.GetFreshAsync(peer.SaeId, number, sizeBits, cancellationToken);
        if (!delivery.Succeeded)
        {
            return ExchangeResult<List<EstablishedKey>>.Fail(delivery);
        }

        using var container = delivery.Value;
        var answer = await _peers.OfferAsync(peer, MakeOffer(peer, container.Keys, taker), cancellationToken);
        if (!answer.Succeeded)
        {
            return ExchangeResult<List<EstablishedKey>>.Fail(answer);
        }

        return Confirm(peer, container.Keys, answer.Value, taker);
    }

    private Offer MakeOffer(Peer peer, IReadOnlyList<DeliveredKey> keys, IKeyTaker taker) => new()
    {
        Initiator = _settings.SaeId.Value,
        Sink = taker.Sink,
        Keys =
        [
            .. keys.Select(key => new OfferedKey
            {
                KeyId = key.KeyId,
                Proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key.Key, ContextOf(peer, key.KeyId, taker)),
            }),
        ],
    };

    private ExchangeResult<List<EstablishedKey>> Confirm(
        Peer peer,
        IReadOnlyList<DeliveredKey> keys,
        OfferAnswer answer,
        IKeyTaker taker)
    {
        if (!answer.Keys.Select(key => key.KeyId).SequenceEqual(keys.Select(key => key.KeyId)))
        {
            return ExchangeResult<List<EstablishedKey>>.Fail(ExchangeFailure.PeerBadAnswer);
        }

        var now = _time.GetUtcNow();
        var confirmed = new List<(EstablishedKey Established, SecretBytes Key)>(keys.Count);
        foreach (var (key, proof) in keys.Zip(answer.Keys))
        {
            var fingerprint = KeyFingerprint.Of(key.Key);
            if (!ConfirmationProof.Verify(ConfirmationRole.Responder, key.Key, ContextOf(peer, key.KeyId, taker), proof.Proof)
                || proof.Fingerprint != fingerprint)
            {
                return ExchangeResult<List<EstablishedKey>>.Fail(ExchangeFailure.NotConfirmed);
            }

            confirmed.Add((new EstablishedKey(peer.SaeId, KeyRole.Initiator, key.KeyId, key.SizeBits, fingerprint, now), key.Key));
        }

        return taker.TryAdd(confirmed)
            ? ExchangeResult<List<EstablishedKey>>.Success([.. confirmed.Select(key => key.Established)])
            : ExchangeResult<List<EstablishedKey>>.Fail(ExchangeFailure.KeyIdKnown);
    }

    private ConfirmationContext ContextOf(Peer peer, Guid keyId, IKeyTaker taker) =>
        new(keyId, _settings.SaeId, peer.SaeId) { Purpose = KeyPurpose.Of(taker) };
}
