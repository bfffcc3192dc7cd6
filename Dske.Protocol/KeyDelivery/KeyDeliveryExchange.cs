using System.Net;
using System.Net.Http.Headers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.KeyDelivery;

/// <summary>Sends one request to a KME and turns whatever becomes of it into a <see cref="KeyDeliveryResult{T}"/>.</summary>
internal sealed class KeyDeliveryExchange
{
    /// <summary>The largest answer that is read, in bytes: 16 MiB of keys in base64, their IDs, and room for extensions.</summary>
    public const int MaxAnswerBytes = 24 * 1024 * 1024;

    private const int MaxMessageLength = 512;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public KeyDeliveryExchange(HttpClient http, TimeSpan timeout, TimeProvider time)
    {
        _http = http;
        _timeout = timeout;
        _time = time;
    }

    /// <summary>Reads the answer 200; null means that it is not what was asked for.</summary>
    public delegate T? AnswerReader<out T>(ReadOnlySpan<byte> body);

    public async Task<KeyDeliveryResult<T>> SendAsync<T>(
        HttpRequestMessage request,
        AnswerReader<T> read,
        CancellationToken cancellationToken)
        where T : class
    {
        // HttpClient.Timeout ends with the headers; a body that never ends must end, too.
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            using var body = new SecretBufferWriter();
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var complete = await body.TryReadToEndAsync(stream, MaxAnswerBytes, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Refusal<T>(response, complete ? body.WrittenSpan : []);
            }

            return complete && read(body.WrittenSpan) is { } value
                ? new KeyDeliveryResult<T>(value)
                : new KeyDeliveryResult<T>(KeyDeliveryOutcome.MalformedAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new KeyDeliveryResult<T>(KeyDeliveryOutcome.TimedOut);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new KeyDeliveryResult<T>(KeyDeliveryOutcome.Unreachable);
        }
    }

    public static KmeStatus? ReadStatus(ReadOnlySpan<byte> body) =>
        KeyDeliveryJson.TryRead(body, KeyDeliveryJson.Default.KmeStatus, out var status) ? status : null;

    /// <summary>
    /// Reads a container; <paramref name="select"/> says which of its keys, in which order, or null when it is not what was asked for.
    /// </summary>
    public static KeyContainer? ReadKeys(
        ReadOnlySpan<byte> body,
        int maxKeys,
        Func<IReadOnlyList<DeliveredKey>, IReadOnlyList<DeliveredKey>?> select)
    {
        if (!KeyContainerCodec.TryRead(body, out var container, maxKeys))
        {
            return null;
        }

        if (select(container.Keys) is { } selected)
        {
            return new KeyContainer(selected);
        }

        container.Dispose();
        return null;
    }

    private KeyDeliveryResult<T> Refusal<T>(HttpResponseMessage response, ReadOnlySpan<byte> body)
        where T : class
    {
        var outcome = response.StatusCode switch
        {
            HttpStatusCode.BadRequest => KeyDeliveryOutcome.BadRequest,
            HttpStatusCode.Unauthorized => KeyDeliveryOutcome.Unauthorized,
            HttpStatusCode.ServiceUnavailable => KeyDeliveryOutcome.Unavailable,
            _ => KeyDeliveryOutcome.UnexpectedStatus,
        };
        var explained = KeyDeliveryJson.TryRead(body, KeyDeliveryJson.Default.KeyDeliveryError, out var error);
        var message = explained ? Shorten(error!.Message) : null;
        return new KeyDeliveryResult<T>(outcome, message, ReadRetryAfter(response.Headers.RetryAfter));
    }

    private TimeSpan? ReadRetryAfter(RetryConditionHeaderValue? header)
    {
        var delay = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return delay > TimeSpan.Zero ? delay : null;
    }

    // A KME is trusted with keys, its messages still end up in logs and answers.
    private static string Shorten(string message) =>
        string.Concat(message.Where(static c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxMessageLength));
}
