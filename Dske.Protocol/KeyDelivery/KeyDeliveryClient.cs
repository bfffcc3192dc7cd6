using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// An SAE's side of key delivery (ETSI GS QKD 014 V1.1.1). Whatever a KME can answer, and whatever can happen to its answer, is a
/// <see cref="KeyDeliveryOutcome"/>; exceptions are left for misuse and cancellation.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A key is delivered once, so nothing is ever asked twice: give it an <see cref="HttpClient"/> without
/// retries. Over TLS the certificate says who calls: give the <see cref="HttpClient"/> a handler that shows the SAE's, and that trusts the KME's
/// authority alone. The client also names itself with the bare SAE ID in the <c>Authorization</c> header, which a KME believes where there is no
/// TLS to ask.
/// </remarks>
public sealed class KeyDeliveryClient
{
    private const string AuthorizationHeader = "Authorization";
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly KeyDeliveryExchange _exchange;
    private readonly KeyDeliveryClientOptions _options;

    /// <summary>Makes a client of one KME.</summary>
    /// <param name="http">What to send with; its base address is the KME's. It stays the caller's.</param>
    /// <param name="options">Who calls, and how.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public KeyDeliveryClient(HttpClient http, KeyDeliveryClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _exchange = new KeyDeliveryExchange(http, options.Timeout, time);
    }

    /// <summary>Asks what the KME offers for keys shared with <paramref name="slave"/> (clause 5.2).</summary>
    /// <param name="slave">The other SAE.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyDeliveryResult<KmeStatus>> GetStatusAsync(SaeId slave, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(HttpMethod.Get, slave, "status");
        return await _exchange.SendAsync(request, KeyDeliveryExchange.ReadStatus, cancellationToken);
    }

    /// <summary>Gets fresh keys, which <paramref name="slave"/> can get by their IDs (clause 5.3).</summary>
    /// <param name="slave">The other SAE.</param>
    /// <param name="number">How many keys, at least 1.</param>
    /// <param name="sizeBits">The size of each in bits, at least 1. What else is acceptable is the KME's to say.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Exactly <paramref name="number"/> keys of that size with different IDs, or the reason why not.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyDeliveryResult<KeyContainer>> GetKeysAsync(
        SaeId slave,
        int number,
        int sizeBits,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeBits);
        var operation = string.Create(CultureInfo.InvariantCulture, $"enc_keys?number={number}&size={sizeBits}");
        using var request = CreateRequest(HttpMethod.Get, slave, operation);
        return await _exchange.SendAsync(
            request,
            body => KeyDeliveryExchange.ReadKeys(body, number, keys => AreFresh(keys, number, sizeBits) ? keys : null),
            cancellationToken);
    }

    /// <summary>Gets the keys that <paramref name="master"/> got, by their IDs (clause 5.4). Each can be had once.</summary>
    /// <param name="master">The other SAE.</param>
    /// <param name="keyIds">The IDs, at least one, all different.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys in the order of <paramref name="keyIds"/>, or the reason why not: it is all of them or none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyIds"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="keyIds"/> is empty, or names a key twice.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyDeliveryResult<KeyContainer>> GetKeysWithIdsAsync(
        SaeId master,
        IReadOnlyList<Guid> keyIds,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyIds);
        if (keyIds.Count == 0 || keyIds.Distinct().Count() != keyIds.Count)
        {
            throw new ArgumentException("Name at least one key, and none twice.", nameof(keyIds));
        }

        // One ID by GET, which every KME serves; more need POST (clause 6.4).
        using var request = keyIds.Count == 1
            ? CreateRequest(HttpMethod.Get, master, $"dec_keys?key_ID={keyIds[0]:D}")
            : CreateRequest(HttpMethod.Post, master, "dec_keys");
        if (keyIds.Count > 1)
        {
            var body = new KeyIdsRequest { KeyIds = [.. keyIds.Select(static id => new RequestedKeyId { KeyId = id })] };
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, KeyDeliveryJson.Default.KeyIdsRequest));
            request.Content.Headers.ContentType = Json;
        }

        return await _exchange.SendAsync(
            request,
            answer => KeyDeliveryExchange.ReadKeys(answer, keyIds.Count, keys => InOrder(keys, keyIds)),
            cancellationToken);
    }

    private static bool AreFresh(IReadOnlyList<DeliveredKey> keys, int number, int sizeBits) =>
        keys.Count == number
        && keys.All(key => key.Key.Length == (sizeBits + 7L) / 8)
        && keys.DistinctBy(static key => key.KeyId).Count() == number;

    // The standard does not say in which order the keys come.
    private static List<DeliveredKey>? InOrder(IReadOnlyList<DeliveredKey> keys, IReadOnlyList<Guid> keyIds)
    {
        var ordered = keyIds.Join(keys, static id => id, static key => key.KeyId, static (_, key) => key).ToList();
        return ordered.Count == keyIds.Count && keys.Count == keyIds.Count ? ordered : null;
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, SaeId other, string operation)
    {
        var path = $"{_options.BasePath.Trim('/')}/{Uri.EscapeDataString(other.Value)}/{operation}";
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation(AuthorizationHeader, _options.Caller.Value);
        return request;
    }
}
