using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// An SAE's side of key delivery (ETSI GS QKD 014 V1.1.1). Whatever a KME can answer, and whatever can happen to its answer, is a
/// <see cref="KeyDeliveryOutcome"/>; exceptions are left for misuse and cancellation.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="GetStatusAsync"/> asks what the KME offers, <see cref="GetKeysAsync(SaeId, int, int, CancellationToken)"/> gets fresh keys for this
/// SAE and another one, which gets the same ones from its own KME with <see cref="GetKeysWithIdsAsync"/> once it was told their IDs; how it is told is
/// the SAEs' business.
/// <see cref="PostKeysAsync"/> asks for whatever a <see cref="KeyRequest"/> can say. Keys come in a <see cref="KeyContainer"/>, which its receiver
/// disposes to zero them.
/// </para>
/// <code>
/// var sam = new KeyDeliveryClient(http, new KeyDeliveryClientOptions { Caller = SaeId.Parse("sam") }, TimeProvider.System);
/// var result = await sam.GetKeysAsync(SaeId.Parse("sofia"), number: 1, sizeBits: 256, cancellationToken);
/// using var keys = result.Value;
/// Console.WriteLine(result.Succeeded ? $"{keys!.Keys[0].KeyId}" : $"{result}");
/// </code>
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

        // By GET, which every KME serves.
        var operation = string.Create(CultureInfo.InvariantCulture, $"enc_keys?number={number}&size={sizeBits}");
        using var request = CreateRequest(HttpMethod.Get, slave, operation);
        return await _exchange.SendAsync(
            request,
            body => KeyDeliveryExchange.ReadKeys(body, number, keys => AreFresh(keys, number, sizeBits) ? keys : null),
            cancellationToken);
    }

    /// <summary>Gets fresh keys, which <paramref name="slave"/> and <paramref name="additionalSlaves"/> can get by their IDs, each once (clause 5.3).</summary>
    /// <param name="slave">The other SAE.</param>
    /// <param name="additionalSlaves">
    /// Further SAEs, none of them twice or <paramref name="slave"/>; may be empty. <see cref="KmeStatus.MaxSaeIdCount"/> says how many there may be.
    /// </param>
    /// <param name="number">How many keys, at least 1.</param>
    /// <param name="sizeBits">The size of each in bits, at least 1. What else is acceptable is the KME's to say.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Exactly <paramref name="number"/> keys of that size with different IDs, or the reason why not.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="additionalSlaves"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public Task<KeyDeliveryResult<KeyContainer>> GetKeysAsync(
        SaeId slave,
        IReadOnlyList<SaeId> additionalSlaves,
        int number,
        int sizeBits,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(additionalSlaves);
        var wanted = new KeyRequest
        {
            Number = number,
            Size = sizeBits,

            // A KME may refuse a list that is empty.
            AdditionalSlaveSaeIds = additionalSlaves.Count == 0 ? null : [.. additionalSlaves.Select(static sae => sae.Value)],
        };
        return PostKeysAsync(slave, wanted, cancellationToken);
    }

    /// <summary>Gets fresh keys with all that a request can say: extensions, several slaves, the KME's default size (clause 6.2).</summary>
    /// <param name="slave">The other SAE.</param>
    /// <param name="wanted">What to ask for; a number or a size in it is at least 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// Exactly as many keys as asked for with different IDs, all of the size asked for or, where none is, of one size; or the reason why not.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="wanted"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number in <paramref name="wanted"/> is outside its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyDeliveryResult<KeyContainer>> PostKeysAsync(SaeId slave, KeyRequest wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var number = wanted.Number ?? 1;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number, nameof(wanted));
        if (wanted.Size is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(wanted));
        }

        using var request = CreateRequest(HttpMethod.Post, slave, "enc_keys");
        request.Content = CreateContent(wanted, KeyDeliveryJson.Default.KeyRequest);
        return await _exchange.SendAsync(
            request,
            body => KeyDeliveryExchange.ReadKeys(
                body, number, keys => keys.Count > 0 && AreFresh(keys, number, wanted.Size ?? keys[0].SizeBits) ? keys : null),
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
            request.Content = CreateContent(body, KeyDeliveryJson.Default.KeyIdsRequest);
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

    private static ByteArrayContent CreateContent<T>(T body, JsonTypeInfo<T> contract)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, contract));
        content.Headers.ContentType = Json;
        return content;
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, SaeId other, string operation)
    {
        var path = $"{_options.BasePath.Trim('/')}/{Uri.EscapeDataString(other.Value)}/{operation}";
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation(AuthorizationHeader, _options.Caller.Value);
        return request;
    }
}
