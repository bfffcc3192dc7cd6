using System.Net;
using System.Net.Http.Headers;
using Dske.Client.Hosting;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.Options;

namespace Dske.Client.HubAccess;

/// <summary>
/// The way to the hubs over HTTP. Every message is sent once: a handler that repeats requests has no place here, since each names PSRD
/// that is spent by then.
/// </summary>
internal sealed partial class HttpHubTransport : IHubTransport, IDisposable
{
    /// <summary>The HTTP client for in-band messages.</summary>
    public const string InBandClient = "hubs";

    /// <summary>The HTTP client for the out-of-band routes, which stand for a courier.</summary>
    public const string OutOfBandClient = "hubs-oob";

    // A share of 2 MiB in base64 and the allocation of its pad.
    private const int MaxInBandBody = 4 * 1024 * 1024;

    // Two pools of a thousand blocks each, as JSON.
    private const int MaxRegistrationBody = 512 * 1024;

    private static readonly TimeSpan OutOfBandTimeout = TimeSpan.FromSeconds(5);
    private static readonly UriCreationOptions AsSigned = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly IHttpClientFactory _clients;

    // Kept: a new one for each message would cost more than its signature does. Addresses are resolved for each message all the same.
    private readonly HttpClient _inBand;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<NodeName, string> _addresses;
    private readonly HubTokens _tokens;

    public HttpHubTransport(IHttpClientFactory clients, IOptions<ClientOptions> options, TimeProvider time, ILogger<HttpHubTransport> logger)
    {
        _clients = clients;
        _inBand = clients.CreateClient(InBandClient);
        _time = time;
        _logger = logger;
        _addresses = options.Value.Hubs.ToDictionary(hub => NodeName.Parse(hub.Name), BaseAddressOf);
        _tokens = new HubTokens(options.Value);
    }

    /// <summary>Time-outs are the engine's business: it counts by the clock it was given.</summary>
    public static void Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.MaxResponseContentBufferSize = MaxInBandBody;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _inBand.Dispose();
        _tokens.Dispose();
    }

    /// <inheritdoc />
    public async Task<HubResponse?> SendAsync(NodeName hub, OutgoingRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query.Length == 0 ? string.Empty : "?" + request.Query;
        using var message = new HttpRequestMessage(
            request.IsPost ? HttpMethod.Post : HttpMethod.Get, new Uri($"{_addresses[hub]}/dske/api/v1/{request.Resource}{query}", AsSigned));
        message.Headers.TryAddWithoutValidation(SignatureHeader.Name, request.Signature);
        if (request.IsPost)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            using var response = await _inBand.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return new HubResponse((int)response.StatusCode, body, GetSignature(response));
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            LogNoAnswer(_logger, hub.Value, exception.Message);
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<LinkTurn?> AskTurnAsync(NodeName hub, LinkTurnQuery query, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_addresses[hub]}/dske/api/v1/link?{query}", AsSigned));
            using var response = await _inBand.SendAsync(message, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                && MessageJson.TryRead<LinkTurn>(await response.Content.ReadAsByteArrayAsync(cancellationToken), Dialect.Guide, out var turn)
                ? turn
                : null;
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            LogNoAnswer(_logger, hub.Value, exception.Message);
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<RegistrationReply?> RegisterAsync(
        NodeName hub, RegistrationRequest request, Guid instance, string networkHash, bool startOver, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, $"{_addresses[hub]}/dske/oob/v1/registration");
        message.Headers.Add(DskeHeaders.Instance, instance.ToString("D"));
        message.Headers.Add(DskeHeaders.Network, networkHash);
        if (startOver)
        {
            message.Headers.Add(DskeHeaders.StartOver, "1");
        }

        message.Content = new ByteArrayContent(MessageJson.Write(request, Dialect.Guide)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await SendOutOfBandAsync(hub, message, MaxRegistrationBody, (response, body) =>
            MessageJson.TryRead<RegistrationAnswer>(body.WrittenSpan, Dialect.Guide, out var answer) && answer.HubName == hub.Value
                ? new RegistrationReply(
                    Guid.TryParseExact(GetHeader(response, DskeHeaders.Instance), "D", out var id) ? id : null,
                    GetHeader(response, DskeHeaders.Network),
                    GetHeader(response, DskeHeaders.PoolsReplaced) == "1",
                    answer.Link)
                : null, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<PsrdAnswer?> FetchPsrdAsync(
        NodeName hub, NodeName client, PoolOwner owner, int size, Dialect dialect, CancellationToken cancellationToken)
    {
        var parameter = dialect == Dialect.Guide ? "owner" : "pool_owner";
        var value = owner == PoolOwner.Client ? "client" : "hub";
        using var message = new HttpRequestMessage(
            HttpMethod.Get, $"{_addresses[hub]}/dske/oob/v1/psrd?client_name={client}&{parameter}={value}&size={size}");
        return await SendOutOfBandAsync(hub, message, (size * 2) + 1024, (_, body) =>
            MessageJson.TryRead<PsrdAnswer>(body.WrittenSpan, Dialect.Guide, out var answer) ? answer : null, cancellationToken);
    }

    private async Task<T?> SendOutOfBandAsync<T>(
        NodeName hub, HttpRequestMessage message, int maxBody, Func<HttpResponseMessage, SecretBufferWriter, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        using var timeout = new CancellationTokenSource(OutOfBandTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        message.Headers.Authorization = _tokens.GetHeader(hub);
        try
        {
            using var response = await _clients.CreateClient(OutOfBandClient).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                LogNotAdmitted(
                    _logger, hub.Value, message.Method.Method, message.RequestUri!.AbsolutePath, (int)response.StatusCode,
                    _tokens.GetSetting(hub), message.Headers.Authorization is null ? "none" : "one");
                return null;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                LogRefused(_logger, hub.Value, message.Method.Method, message.RequestUri!.AbsolutePath, (int)response.StatusCode);
                return null;
            }

            using var body = new SecretBufferWriter(4096);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            return await body.TryReadToEndAsync(stream, maxBody, either.Token) ? read(response, body) : null;
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            LogNoAnswer(_logger, hub.Value, exception.Message);
            return null;
        }
    }

    /// <summary>What the network can do to us, as opposed to a caller that gave up or a fault of ours.</summary>
    private static bool IsUnreachable(Exception exception, CancellationToken cancellationToken)
        => exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string BaseAddressOf(HubAddressOptions hub)
    {
        var url = new Uri(hub.Url ?? $"http://{hub.Name}");
        var path = url.AbsolutePath.TrimEnd('/');
        return url.GetLeftPart(UriPartial.Authority) + (path.Length == 0 ? $"/hub/{hub.Name}" : path);
    }

    /// <summary>Null when absent; twice or more is as good as unreadable.</summary>
    private static string? GetSignature(HttpResponseMessage response)
        => response.Headers.TryGetValues(SignatureHeader.Name, out var values) ? values.ToArray() is [var one] ? one : string.Empty : null;

    private static string? GetHeader(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) && values.ToArray() is [var one] ? one : null;

    [LoggerMessage(2001, LogLevel.Debug, "Hub {Hub} gives no answer: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, string hub, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Hub {Hub} refuses {Method} {Path} with status {Status}")]
    private static partial void LogRefused(ILogger logger, string hub, string method, string path, int status);

    [LoggerMessage(
        2003, LogLevel.Warning,
        "Hub {Hub} refuses {Method} {Path} with status {Status}: it may want an enrolment token made with its present key, for this client and all its encryptors. {Setting} names {Count}")]
    private static partial void LogNotAdmitted(ILogger logger, string hub, string method, string path, int status, string setting, string count);
}
