using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Offers;

namespace Dske.Encryptor.Links;

/// <summary>Talks to peers about links, and opens streams to them. Nothing is repeated here.</summary>
internal sealed class LinkClient
{
    /// <summary>The name of the HTTP client for the agreement, which has a time limit.</summary>
    public const string Agreement = "link-agreement";

    /// <summary>The name of the HTTP client for streams, which last.</summary>
    public const string Streams = "link-streams";

    /// <summary>The media type of the agreement's messages.</summary>
    public const string MediaType = "application/octet-stream";

    /// <summary>What a stream upgrades to.</summary>
    public const string Protocol = "dske-link";

    /// <summary>The largest answer that is read, in bytes.</summary>
    public const int MaxAnswerBytes = 16 * 1024;

    private const int MaxDetailLength = 512;

    private readonly IHttpClientFactory _clients;
    private readonly EncryptorSettings _settings;
    private readonly TimeProvider _time;

    public LinkClient(IHttpClientFactory clients, EncryptorSettings settings, TimeProvider time) => (_clients, _settings, _time) = (clients, settings, time);

    /// <summary>Sends a message of the agreement.</summary>
    public async Task<LinkAnswer> SendAsync(Peer peer, byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            using var http = _clients.CreateClient(Agreement);
            using var content = new ByteArrayContent(message);
            content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
            using var response = await http.PostAsync(PathOf(peer, "epochs"), content, cancellationToken);
            return await ReadAsync(response, cancellationToken);
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            return new LinkAnswer(null);
        }
    }

    /// <summary>Opens a stream.</summary>
    /// <returns>The transport, which the caller disposes, or the peer's refusal.</returns>
    public async Task<(Stream? Transport, LinkAnswer? Refusal)> OpenAsync(Peer peer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LinkLimits.Handshake, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using var http = _clients.CreateClient(Streams);
            using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(peer, "streams"));
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new ProductHeaderValue(Protocol));
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            {
                return (null, await ReadAsync(response, either.Token));
            }

            // The stream is the connection now; the response has nothing else that is worth disposing.
            var transport = await response.Content.ReadAsStreamAsync(either.Token);
            response = null;
            return (transport, null);
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            return (null, new LinkAnswer(null));
        }
        finally
        {
            response?.Dispose();
        }
    }

    private Uri PathOf(Peer peer, string what) => new(
        peer.Url, $"encryptor/{Uri.EscapeDataString(peer.SaeId.Value)}/api/v1/links/{Uri.EscapeDataString(_settings.SaeId.Value)}/{what}");

    private static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static async Task<LinkAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return new LinkAnswer(response.StatusCode, body);
        }

        LinkProblem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(body, OfferJson.Default.LinkProblem);
        }
        catch (JsonException)
        {
            // A refusal without words is one all the same.
        }

        var detail = problem?.Detail is { } text ? string.Concat(text.Where(static c => !char.IsControl(c)).Take(MaxDetailLength)) : null;
        Guid? instance = Guid.TryParseExact(problem?.Instance, "D", out var parsed) ? parsed : null;
        return new LinkAnswer(response.StatusCode, null, problem?.Type, detail, instance, response.Headers.RetryAfter?.Delta);
    }
}
