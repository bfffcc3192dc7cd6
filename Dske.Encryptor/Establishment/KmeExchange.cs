using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Encryptor.Establishment;

/// <summary>Keys from this encryptor's KME, with what can go wrong in the terms of an exchange.</summary>
internal sealed class KmeExchange
{
    private readonly KeyDeliveryClient _kme;

    public KmeExchange(KeyDeliveryClient kme) => _kme = kme;

    /// <summary>What the KME offers for keys shared with <paramref name="peer"/>.</summary>
    public async Task<ExchangeResult<KmeStatus>> GetStatusAsync(SaeId peer, CancellationToken cancellationToken) =>
        Translate(await _kme.GetStatusAsync(peer, cancellationToken));

    /// <summary>Fresh keys to share with <paramref name="peer"/>. The caller disposes them.</summary>
    public async Task<ExchangeResult<KeyContainer>> GetFreshAsync(
        SaeId peer,
        int number,
        int sizeBits,
        CancellationToken cancellationToken) =>
        Translate(await _kme.GetKeysAsync(peer, number, sizeBits, cancellationToken));

    /// <summary>The keys that <paramref name="peer"/> got, in the order of their IDs. The caller disposes them.</summary>
    public async Task<ExchangeResult<KeyContainer>> GetOfferedAsync(
        SaeId peer,
        IReadOnlyList<Guid> keyIds,
        CancellationToken cancellationToken) =>
        Translate(await _kme.GetKeysWithIdsAsync(peer, keyIds, cancellationToken));

    private static ExchangeResult<T> Translate<T>(KeyDeliveryResult<T> result)
        where T : class => result.Succeeded
        ? ExchangeResult<T>.Success(result.Value)
        : ExchangeResult<T>.Fail(Translate(result.Outcome), result.Message, result.RetryAfter);

    private static ExchangeFailure Translate(KeyDeliveryOutcome outcome) => outcome switch
    {
        KeyDeliveryOutcome.BadRequest => ExchangeFailure.KmeRefused,
        KeyDeliveryOutcome.Unauthorized => ExchangeFailure.KmeUnauthorized,
        KeyDeliveryOutcome.Unavailable => ExchangeFailure.KmeUnavailable,
        KeyDeliveryOutcome.Unreachable => ExchangeFailure.KmeUnreachable,
        KeyDeliveryOutcome.TimedOut => ExchangeFailure.KmeTimedOut,
        _ => ExchangeFailure.KmeBadAnswer,
    };
}
