using System.Diagnostics;
using System.Text.Json;
using Dske.Console.Network;

namespace Dske.Console.Establishments;

/// <summary>
/// Asks encryptors to establish keys, as anybody may: <c>POST /encryptor/{sae}/api/v1/keys</c>. What comes back are fingerprints; keys stay where they are.
/// </summary>
/// <remarks>Safe for concurrent use: holds no state.</remarks>
public sealed class EncryptorCaller
{
    /// <summary>The name of its HTTP client.</summary>
    internal const string ClientName = "encryptors";

    /// <summary>How long an establishment may take: 128 keys with hubs that are down take some seconds.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer that is read, in bytes: a list of 1,000 keys stays far below.</summary>
    internal const int MaxAnswerBytes = 1024 * 1024;

    private const int TraceIdStart = 3;
    private const int TraceIdLength = 32;

    private readonly IHttpClientFactory _clients;

    internal EncryptorCaller(IHttpClientFactory clients) => _clients = clients;

    /// <summary>Has keys established, and asks the other end what it has.</summary>
    /// <param name="order">What keys.</param>
    /// <param name="cancellationToken">Nobody wants to know any more; keys may come about all the same.</param>
    /// <returns>What became of it. That nobody answers is one of the answers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="order"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyReceipt> EstablishAsync(KeyOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);

        // The page's own work is in nobody's traces: an exchange begins with the encryptor.
        Activity.Current = null;
        using var http = _clients.CreateClient(ClientName);
        try
        {
            using var answer = await http.PostAsJsonAsync(
                KeysOf(order.Encryptor), new Request(order.Peer.SaeId ?? order.Peer.Name, order.Size, order.Number), cancellationToken);
            using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return ReadProblem((int)answer.StatusCode, body.RootElement);
            }

            var keys = body.RootElement.GetProperty("keys").EnumerateArray().Select(ReadKey).ToList();
            if (keys.Count == 0)
            {
                return Failed($"{order.Encryptor.Name} gave an answer without keys.");
            }

            var elapsed = TimeSpan.FromMilliseconds(body.RootElement.GetProperty("elapsed_ms").GetDouble());
            var atPeer = await ReadFingerprintsAsync(http, order.Peer, cancellationToken);
            return new KeyReceipt([.. keys.Select(key => key with { PeerFingerprint = atPeer.GetValueOrDefault(key.KeyId) })], elapsed);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return Failed($"{order.Encryptor.Name} gave an answer that is none of an encryptor.");
        }
        catch (HttpRequestException)
        {
            return Failed($"{order.Encryptor.Name} does not answer.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"{order.Encryptor.Name} has not answered within {Timeout.TotalSeconds:0} s.");
        }
    }

    private static async Task<Dictionary<string, string>> ReadFingerprintsAsync(HttpClient http, MonitoredNode encryptor, CancellationToken cancellationToken)
    {
        try
        {
            var list = await http.GetFromJsonAsync<JsonElement>(KeysOf(encryptor), cancellationToken);
            return list.GetProperty("keys").EnumerateArray()
                .DistinctBy(static key => key.GetProperty("key_ID").GetString())
                .ToDictionary(static key => key.GetProperty("key_ID").GetString()!, static key => key.GetProperty("fingerprint").GetString()!);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The key is established all the same; what the other end has is not known.
            return [];
        }
    }

    private static ReceivedKey ReadKey(JsonElement key) => new(
        key.GetProperty("key_ID").GetString()!, key.GetProperty("size").GetInt32(), key.GetProperty("fingerprint").GetString()!, PeerFingerprint: null);

    // {"detail":"…","errors":{"size":["…"]},"traceId":"00-…-…-01"}
    private static KeyReceipt ReadProblem(int status, JsonElement problem)
    {
        var detail = problem.TryGetProperty("detail", out var text) ? text.GetString() : $"It answers {status}.";
        if (problem.TryGetProperty("errors", out var errors))
        {
            detail = string.Join(' ', errors.EnumerateObject().SelectMany(static error => error.Value.EnumerateArray()).Select(static error => error.GetString()));
        }

        var trace = problem.TryGetProperty("traceId", out var id) ? id.GetString() : null;
        return Failed(detail ?? $"It answers {status}.") with { TraceId = trace?.Length >= TraceIdStart + TraceIdLength ? trace.Substring(TraceIdStart, TraceIdLength) : null };
    }

    private static KeyReceipt Failed(string problem) => new([], TimeSpan.Zero, problem);

    private static Uri KeysOf(MonitoredNode encryptor) => new(encryptor.Url, $"/encryptor/{Uri.EscapeDataString(encryptor.SaeId ?? encryptor.Name)}/api/v1/keys");

    private sealed record Request(
        [property: System.Text.Json.Serialization.JsonPropertyName("peer")] string Peer,
        [property: System.Text.Json.Serialization.JsonPropertyName("size")] int Size,
        [property: System.Text.Json.Serialization.JsonPropertyName("number")] int Number);
}
